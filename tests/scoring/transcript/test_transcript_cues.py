"""WebVTT and SRT, as meeting software and editors really export them."""

from __future__ import annotations

import pytest
import webvtt

from scoring.domain.transcript import parse_transcript
from tests.scoring.transcript.reading import Spoken, assert_sound, codes, quoted, spoken, times

ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:03.000
Priya Shah: Hello, I'm a medical student.

2
00:00:03.100 --> 00:00:05.000
Priya Shah: What brings you in?

3
00:00:05.500 --> 00:00:07.000
Tom Lee: My chest hurts.
"""
TEAMS = """WEBVTT

0f9c8a4e-1111-2222-3333-444455556666/5-0
00:00:01.000 --> 00:00:03.000
<v Shah, Priya (Student)>Hello. What brings</v>

0f9c8a4e-1111-2222-3333-444455556666/5-1
00:00:03.000 --> 00:00:05.000
<v Shah, Priya (Student)>you in?

0f9c8a4e-1111-2222-3333-444455556666/9-0
00:00:05.500 --> 00:00:07.000
<v SP>My chest hurts.</v>
"""


def test_names_of_zoom_are_labels_and_split_cues_are_one_utterance() -> None:
    assert spoken(ZOOM) == [("s", "Hello, I'm a medical student. What brings you in?"), ("p", "My chest hurts.")]
    assert times(ZOOM) == [(1000, 5000), (5500, 7000)]


def test_voices_of_teams_are_labels_with_or_without_their_end_tag() -> None:
    assert spoken(TEAMS) == [("s", "Hello. What brings you in?"), ("p", "My chest hurts.")]
    assert codes(TEAMS) == []


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("content", [ZOOM, TEAMS], ids=["Zoom", "Teams"])
def test_line_breaks_do_not_matter(content: str, line_break: str) -> None:
    assert spoken(content.replace("\n", line_break)) == spoken(content)


def cue(payload: str, *, time: str = "00:01.000 --> 00:03.000") -> str:
    return f"WEBVTT\n\n{time}\n{payload}\n"


PAYLOADS: dict[str, tuple[str, Spoken]] = {
    "entities": ("Student: fever &amp; chills &lt;38&#39;?", [("s", "fever & chills <38'?")]),
    "markup": ("<v Student><i>Any</i> <c.loud>fever</c><00:00:02.000>?", [("s", "Any fever?")]),
    "a less-than sign": ("Student: Is BP < 120 and > 80?", [("s", "Is BP < 120 and > 80?")]),
    "an entity in the name": ("<v Lee &amp; Co (Student)>Yes?", [("s", "Yes?")]),
    "classes on the voice": ("<v.first.loud Student>Yes?", [("s", "Yes?")]),
    "two voices in one cue": ("<v Student>Any pain?</v> <v Patient>No.</v>", [("s", "Any pain?"), ("p", "No.")]),
    "two labels in one cue": ("Student: Any pain?\nPatient: No.", [("s", "Any pain?"), ("p", "No.")]),
    "a line that goes on": ("Student: Any pain\nwhen you walk?", [("s", "Any pain\nwhen you walk?")]),
    "a voice that lasts": ("<v Student>Any pain\nwhen you walk?", [("s", "Any pain\nwhen you walk?")]),
    "a clinical word": ("Pain: where is it?", [("s", "Pain: where is it?")]),
    "a stripped name": (": Any pain?", [("s", "Any pain?")]),
    "an empty voice": ("<v >Any pain?</v>", [("s", "Any pain?")]),
    "no name": ("Any pain?", [("s", "Any pain?")]),
    "style of SRT": ("{\\an8}Student: Any pain?", [("s", "Any pain?")]),
}


@pytest.mark.parametrize(("payload", "expected"), PAYLOADS.values(), ids=PAYLOADS.keys())
def test_a_cue_says(payload: str, expected: Spoken) -> None:
    assert spoken(cue(payload)) == expected


def test_a_quotation_points_at_the_entity_and_past_the_markup() -> None:
    transcript = parse_transcript(cue("<v Student>Any <i>fever</i> &amp; chills?"))
    utterance = transcript.utterances[0]
    assert utterance.text == "Any fever & chills?"
    assert quoted(transcript, utterance) == ["Any ", "fever", " &amp; chills?"]
    at = utterance.text.index("&")
    spans = utterance.source_spans(at, at + 1)
    assert [transcript.source[span.start : span.end] for span in spans] == ["&amp;"]


def test_a_quotation_across_merged_cues_is_two_quotations() -> None:
    transcript = parse_transcript(TEAMS)
    assert quoted(transcript, transcript.utterances[0]) == ["Hello. What brings", "you in?"]


def test_hours_may_be_missing_and_cue_settings_are_read_over() -> None:
    assert times(cue("Student: Hi.", time="00:01.000 --> 00:03.500 align:start position:10%")) == [(1000, 3500)]
    assert times(cue("Student: Hi.", time="100:00:01.000 --> 100:00:03.500")) == [(360_001_000, 360_003_500)]


def test_notes_styles_headers_and_empty_cues_are_reported() -> None:
    content = (
        "WEBVTT - a title\nKind: captions\n\nNOTE by hand\n\nSTYLE\n::cue { color: red }\n\n"
        "00:01.000 --> 00:02.000\n<i></i>\n\n00:03.000 --> 00:04.000\nStudent: Hi.\n"
    )
    transcript = parse_transcript(content)
    assert [u.text for u in transcript.utterances] == ["Hi."]
    assert [(d.line, d.reason) for d in transcript.dropped] == [
        (1, "the file's header"),
        (2, "the file's header"),
        (4, "a note"),
        (6, "a style sheet"),
        (7, "a style sheet"),
        (9, "an empty cue"),
    ]


def captions(*texts: str, seconds: int = 4, gap: int = 0, name: str = "Student") -> str:
    """Cues of one speaker, one after the other."""
    step = seconds + gap
    cues = [
        f"00:{i * step // 60:02}:{i * step % 60:02}.000 --> "
        f"00:{(i * step + seconds) // 60:02}:{(i * step + seconds) % 60:02}.000\n<v {name}>{text}"
        for i, text in enumerate(texts)
    ]
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def test_overlapping_cues_of_one_speaker_are_merged_and_of_two_are_not() -> None:
    content = (
        "WEBVTT\n\n00:01.000 --> 00:05.000\n<v Student>Any fever\n\n00:03.000 --> 00:06.000\n<v Student>or chills?\n\n"
        "00:05.000 --> 00:07.000\n<v Patient>No.\n"
    )
    assert spoken(content) == [("s", "Any fever or chills?"), ("p", "No.")]
    assert times(content) == [(1000, 6000), (5000, 7000)]


def test_cues_after_a_pause_are_not_merged() -> None:
    assert len(spoken(captions("Any fever?", "Any chills?", gap=3))) == 2
    assert len(spoken(captions("Any fever?", "Any chills?", gap=2))) == 1


def test_a_long_speech_is_cut_after_a_sentence_or_else_at_forty_five_seconds() -> None:
    sentences = [f"Sentence {number} is here." for number in range(20)]
    starts = [start for start, _ in times(captions(*sentences))]
    assert starts == [0, 16_000, 32_000, 48_000, 64_000]
    assert [start for start, _ in times(captions(*["and so on"] * 20))] == [0, 48_000]


def test_rolling_captions_are_read_once() -> None:
    content = (
        "WEBVTT\n\n00:00.000 --> 00:02.000\nso what brings you in\n\n"
        "00:02.000 --> 00:02.010\nso what brings you in\n\n"
        "00:02.010 --> 00:04.000\nso what brings you in\nto the clinic today\n"
    )
    assert spoken(content) == [("s", "so what brings you in to the clinic today")]
    assert [d.reason for d in parse_transcript(content).dropped if d.line > 1] == ["a repeated caption line"] * 2


def test_a_repeated_answer_is_not_a_rolling_caption() -> None:
    content = "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Patient>No.\n\n00:02.000 --> 00:04.000\n<v Patient>No.\n"
    assert spoken(content) == [("p", "No. No.")]


def test_times_that_run_back_are_told() -> None:
    content = "WEBVTT\n\n00:05.000 --> 00:06.000\n<v Student>Hi.\n\n00:01.000 --> 00:02.000\n<v Patient>Hi.\n"
    assert codes(content) == ["times_out_of_order"]


SRT_FILES: dict[str, tuple[str, Spoken]] = {
    "usual": ("1\n00:00:01,000 --> 00:00:02,000\nStudent: Hi.\n\n2\n00:00:03,000 --> 00:00:04,000\nPatient: Oh.\n", [("s", "Hi."), ("p", "Oh.")]),
    "no blank line between cues": ("1\n00:00:01,000 --> 00:00:02,000\nStudent: Hi.\n2\n00:00:03,000 --> 00:00:04,000\nPatient: Oh.\n", [("s", "Hi."), ("p", "Oh.")]),
    "a blank line inside a cue": ("1\n00:00:01,000 --> 00:00:02,000\nStudent: Any fever\n\nor chills?\n\n2\n00:00:03,000 --> 00:00:04,000\nPatient: Oh.\n", [("s", "Any fever\n\nor chills?"), ("p", "Oh.")]),
    "a number as an answer": ("1\n00:00:01,000 --> 00:00:02,000\nStudent: Your age?\n\n2\n00:00:03,000 --> 00:00:04,000\nPatient:\n57\n", [("s", "Your age?"), ("p", "57")]),
    "points for commas": ("1\n00:00:01.000 --> 00:00:02.000\nStudent: Hi.\n", [("s", "Hi.")]),
    "fonts": ('1\n00:00:01,000 --> 00:00:02,000\n<font color="red">Student: Hi.</font>\n', [("s", "Hi.")]),
}  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), SRT_FILES.values(), ids=SRT_FILES.keys())
def test_an_srt_file_reads(content: str, expected: Spoken) -> None:
    assert parse_transcript(content).format == "srt"
    assert spoken(content) == expected


_PLAIN = (
    "two voices in one cue",
    "two labels in one cue",
    "a line that goes on",
    "a voice that lasts",
    "markup",
    "no name",
)


@pytest.mark.parametrize("content", [ZOOM, TEAMS, *(cue(PAYLOADS[name][0]) for name in _PLAIN)])
def test_the_reader_finds_the_times_and_words_that_webvtt_py_finds(content: str) -> None:
    """Only the library's words without their labels, joined over the file: it neither merges nor names speakers."""
    library = webvtt.from_string(content)
    transcript = parse_transcript(content)
    assert_sound(transcript)
    words = " ".join(caption.text for caption in library.captions).split()
    ours = " ".join(utterance.text for utterance in transcript.utterances).split()
    assert [word for word in words if word in ours] == ours
    assert transcript.utterances[0].start_ms == _ms(library.captions[0].start)
    assert transcript.utterances[-1].end_ms == _ms(library.captions[-1].end)


def _ms(clock: str) -> int:
    hours, minutes, seconds = clock.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + int(seconds.replace(".", ""))
