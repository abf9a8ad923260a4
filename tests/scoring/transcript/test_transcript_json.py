"""Amazon Transcribe and Whisper JSON: speakers, times, and quotations into the raw file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rubrics.domain.errors import Malformed
from scoring.domain.transcript import parse_transcript
from scoring.domain.transcript.json_document import JsonString, JsonValue, parse_json
from tests.scoring.transcript.reading import codes, quoted, spoken, times

Word = tuple[str, str, str, str]
WORDS: list[Word] = [
    ("Any", "0.0", "0.3", "spk_0"),
    ("fever", "0.3", "0.9", "spk_0"),
    ("?", "", "", ""),
    ("It's", "1.5", "1.8", "spk_1"),
    ('"hot"', "1.8", "2.2", "spk_1"),
    (".", "", "", ""),
]


def transcribe(words: list[Word], **changes: Any) -> dict[str, Any]:
    """A finished job; the items carry no label, as most versions of the service write them."""
    items: list[dict[str, Any]] = []
    segments: list[dict[str, Any]] = []
    text = ""
    for content, start, end, label in words:
        spoken_word = {"start_time": start, "end_time": end}
        kind = "pronunciation" if start else "punctuation"
        items.append({"type": kind, "alternatives": [{"content": content}], **(spoken_word if start else {})})
        text += content if not start or not text else f" {content}"
        if start and label:
            if not segments or segments[-1]["speaker_label"] != label:
                segments.append({"speaker_label": label, "start_time": start, "items": []})
            segments[-1]["end_time"] = end
            segments[-1]["items"].append(spoken_word | {"speaker_label": label})
    results = {"transcripts": [{"transcript": text}], "speaker_labels": {"segments": segments}, "items": items}
    return {"jobName": "station-3", "results": results | changes}


EXPECTED = [("s", "Any fever?"), ("p", 'It\'s "hot".')]


def test_speakers_come_from_the_segments() -> None:
    content = json.dumps(transcribe(WORDS))
    assert parse_transcript(content).format == "aws_transcribe"
    assert spoken(content) == EXPECTED
    assert times(content) == [(0, 900), (1500, 2200)]
    assert codes(content) == ["speakers_guessed"]


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_the_layout_of_the_file_does_not_matter(indent: int | None) -> None:
    assert spoken(json.dumps(transcribe(WORDS), indent=indent)) == EXPECTED


def test_a_quotation_is_one_piece_of_the_whole_text() -> None:
    transcript = parse_transcript(json.dumps(transcribe(WORDS)))
    assert quoted(transcript, transcript.utterances[1]) == ['It\'s \\"hot\\".']


def test_words_are_quoted_one_by_one_where_the_whole_text_disagrees() -> None:
    transcript = parse_transcript(json.dumps(transcribe(WORDS, transcripts=[{"transcript": "Edited."}])))
    assert [u.text for u in transcript.utterances] == [text for _, text in EXPECTED]
    assert quoted(transcript, transcript.utterances[1]) == ["It's", '\\"hot\\"', "."]


def test_a_word_without_a_speaker_goes_on_from_the_one_before() -> None:
    words = [*WORDS[:2], ("now", "0.9", "1.2", ""), *WORDS[2:]]
    assert spoken(json.dumps(transcribe(words)))[0] == ("s", "Any fever now?")


def test_segments_without_items_name_their_words_by_time() -> None:
    document = transcribe(WORDS)
    for segment in document["results"]["speaker_labels"]["segments"]:
        del segment["items"]
    assert spoken(json.dumps(document)) == EXPECTED


def test_labels_on_the_items_win() -> None:
    document = transcribe(WORDS)
    for item, (_, start, _, label) in zip(document["results"]["items"], WORDS, strict=True):
        if start:
            item["speaker_label"] = "spk_1" if label == "spk_0" else "spk_0"
    transcript = parse_transcript(json.dumps(document), speaker_map={"spk_1": "student"})
    assert [(u.speaker.value[0], u.text) for u in transcript.utterances] == EXPECTED


def test_channels_name_speakers() -> None:
    document = transcribe(WORDS)
    channels = [
        {"channel_label": f"ch_{number}", "items": segment["items"]}
        for number, segment in enumerate(document["results"].pop("speaker_labels")["segments"])
    ]
    for channel in channels:
        for item in channel["items"]:
            del item["speaker_label"]
    document["results"]["channel_labels"] = {"channels": channels}
    assert spoken(json.dumps(document)) == EXPECTED


def test_without_speakers_it_is_a_monologue() -> None:
    words = [(content, start, end, "") for content, start, end, _ in WORDS]
    assert spoken(json.dumps(transcribe(words))) == [("s", 'Any fever? It\'s "hot".')]


def whisper(*segments: dict[str, Any]) -> str:
    return json.dumps({"text": "", "language": "en", "segments": list(segments)})


ASK = {"start": 0.0, "end": 2.345, "text": " Any fever?", "speaker": "SPEAKER_01"}
ANSWER = {"start": 3, "end": 4.5, "text": " No\n\u2014 never \U0001f600.", "speaker": "SPEAKER_00"}

WHISPERS = {
    "whisper": whisper(ASK, ANSWER),
    "a bare list": json.dumps([ASK, ANSWER]),
    "characters as they are": json.dumps({"segments": [ASK, ANSWER]}, ensure_ascii=False),
    "whisper.cpp": json.dumps(
        {"transcription": [
            {"offsets": {"from": 0, "to": 2345}, "text": " Any fever?", "speaker": "1"},
            {"offsets": {"from": 3000, "to": 4500}, "text": ANSWER["text"], "speaker": "0"},
        ]}
    ),
    "chunks with pairs of times": json.dumps(
        {"chunks": [
            {"timestamp": [0.0, 2.345], "text": " Any fever?", "speaker": 1},
            {"timestamp": [3.0, 4.5], "text": ANSWER["text"], "speaker": 0},
        ]}
    ),
}  # fmt: skip


@pytest.mark.parametrize("content", WHISPERS.values(), ids=WHISPERS.keys())
def test_segments_are_read_with_their_speakers(content: str) -> None:
    assert parse_transcript(content).format == "whisper"
    assert spoken(content) == [("s", "Any fever?"), ("p", "No\n— never 😀.")]
    assert times(content) == [(0, 2345), (3000, 4500)]


def test_an_escape_sequence_is_quoted_as_it_stands_in_the_file() -> None:
    transcript = parse_transcript(whisper(ASK, ANSWER))
    answer = transcript.utterances[1]
    assert quoted(transcript, answer) == ["No\\n\\u2014 never \\ud83d\\ude00."]
    at = answer.text.index("😀")
    spans = answer.source_spans(at, at + 1)
    assert [transcript.source[span.start : span.end] for span in spans] == ["\\ud83d\\ude00"]


def test_segments_split_inside_a_sentence_are_one_utterance() -> None:
    content = whisper(
        {**ASK, "text": " Any fever"}, {"start": 2.4, "end": 3.0, "text": " or chills?", "speaker": "SPEAKER_01"}
    )
    assert spoken(content) == [("s", "Any fever or chills?")]


def test_an_empty_segment_is_reported() -> None:
    assert [d.reason for d in parse_transcript(whisper(ASK, {"start": 3, "end": 4, "text": " "})).dropped] == [
        "an empty segment"
    ]


def test_characters_that_can_not_be_stored_are_replaced() -> None:
    content = '{"segments": [{"start": 0, "end": 1, "text": "a\\u0000b\\ud800c", "speaker": "Student"}]}'
    assert spoken(content) == [("s", "a\ufffdb\ufffdc")]


@pytest.mark.parametrize("start", ["-1", "1e99", "NaN", "null", '"soon"', "true"])
def test_a_time_that_is_none_leaves_the_segment_untimed(start: str) -> None:
    content = f'{{"segments": [{{"start": {start}, "end": {start}, "text": "Hello.", "speaker": "Student"}}]}}'
    assert times(content) == [(None, None)]


BROKEN = {
    "cut off": ('{"segments": [{"text": "Hello', "broken on line 1"),
    "cut off on a later line": ('{"segments":\n [\n{"text": "Hello"', "broken on line 3"),
    "a comma too many": ('{"segments": [1,]}', "broken"),
    "text after the end": ('{"segments": []} and more', "broken"),
    "no segments": ('{"words": []}', "neither"),
    "another kind of JSON": ('[{"name": "x"}]', "neither"),
    "results of another service": ('{"results": {"channels": []}}', "results.items has no words"),
    "too deep": ('{"a":' * 100 + "1" + "}" * 100, "too deeply"),
}


@pytest.mark.parametrize(("content", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_json_that_is_no_transcript_is_refused(content: str, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        parse_transcript(content)


def plain(value: JsonValue) -> Any:
    match value:
        case dict():
            return {key: plain(member) for key, member in value.items()}
        case list():
            return [plain(item) for item in value]
        case JsonString():
            return str(value)
        case _:
            return value


@pytest.mark.parametrize(
    "text",
    ["{}", "[]", '{"a": [1, -2.5, 1e3, true, false, null], "b": {"c": "d"}}', '"\\u00e9\\/\\t\\\\"', ' [ "x" , {} ] '],
)
def test_the_parser_agrees_with_the_standard_library(text: str) -> None:
    assert plain(parse_json(text)) == json.loads(text)
