"""Plain text: the shapes in which people and programs write who said what, and when."""

from __future__ import annotations

import pytest

from rubrics.domain.errors import Malformed, Refusal, TooLarge, Ungradable, UnsupportedFormat
from scoring.domain.transcript import MAX_TRANSCRIPT_BYTES, TRANSCRIPT_FORMATS, parse_transcript, require_gradable
from tests.scoring.transcript.reading import Spoken, quoted, spoken, times

TWO = [("s", "Any fever?"), ("p", "No.")]
SHAPES = {
    "times in square brackets": "[00:05] Student: Any fever?\n[00:08] Patient: No.",
    "times with hours": "[00:00:05] Student: Any fever?\n[00:00:08] Patient: No.",
    "times in round brackets": "(00:05) Student: Any fever?\n(00:08) Patient: No.",
    "bare times": "00:05 Student: Any fever?\n00:08 Patient: No.",
    "bare times with fractions": "00:05.000 Student: Any fever?\n00:08.0 Patient: No.",
    "range with a hyphen": "00:05 - 00:08 Student: Any fever?\n00:08 - 00:09 Patient: No.",
    "range with an en dash": "[00:05–00:08] Student: Any fever?\n[00:08–00:09] Patient: No.",
    "range with an arrow": "00:00:05.000 --> 00:00:08.000 Student: Any fever?\n00:00:08.000 --> 00:00:09 Patient: No.",
    "range in two brackets": "[00:05] - [00:08] Student: Any fever?\n[00:08] - [00:09] Patient: No.",
    "time after the label": "Student [00:05]: Any fever?\nPatient [00:08]: No.",
    "bare time after the label": "Student 00:05 Any fever?\nPatient 00:08 No.",
    "bare time after the label with a colon": "Student 0:05: Any fever?\nPatient 0:08: No.",
    "time between label and words": "Student: [00:05] Any fever?\nPatient: (00:08) No.",
    "label and time on their own line": "Student  0:05\nAny fever?\n\nPatient  0:08\nNo.",
    "time, then label, then words, a line each": "00:05\nStudent\nAny fever?\n\n00:08\nPatient\nNo.",
    "label, then time, then words, a line each": "Student\n00:05\nAny fever?\n\nPatient\n00:08\nNo.",
    "tabs": "00:05\tStudent\tAny fever?\n00:08\tPatient\tNo.",
    "tabs, label first": "Student\t00:05\tAny fever?\nPatient\t00:08\tNo.",
    "dash after the time": "00:05 - Student: Any fever?\n00:08 - Patient: No.",
    "single letters": "[00:05] D: Any fever?\n[00:08] P: No.",
    "numbered lines": "1. [00:05] Student: Any fever?\n2. [00:08] Patient: No.",
    "bold labels": "**[00:05] Student:** Any fever?\n**[00:08] Patient:** No.",
    "bullets": "- [00:05] Student: Any fever?\n- [00:08] Patient: No.",
    "carriage returns": "[00:05] Student: Any fever?\r[00:08] Patient: No.\r",
    "Windows line ends": "[00:05] Student: Any fever?\r\n[00:08] Patient: No.\r\n",
    "a BOM": "\ufeff[00:05] Student: Any fever?\n[00:08] Patient: No.",
    "no space after the colon": "[00:05]Student:Any fever?\n[00:08]Patient:No.",
    "capitals": "[00:05] STUDENT: Any fever?\n[00:08] PATIENT: No.",
    "video frames": "00:00:05:12 Student: Any fever?\n00:00:08:01 Patient: No.",
}


@pytest.mark.parametrize("content", SHAPES.values(), ids=SHAPES.keys())
def test_a_timed_interview_reads_the_same_in_every_usual_shape(content: str) -> None:
    assert spoken(content, format_name="text" if content[0].isdigit() else None) == TWO
    assert times(content)[0] == (5000, 8000)
    assert times(content)[1][0] == 8000


UNTIMED = {
    "colons": "Student: Any fever?\nPatient: No.",
    "space before the colon": "Student : Any fever?\nPatient : No.",
    "dashes": "Student - Any fever?\nPatient - No.",
    "en dashes": "Student – Any fever?\nPatient – No.",
    "brackets": "[Student] Any fever?\n[Patient] No.",
    "brackets and colons": "[Student]: Any fever?\n(Patient): No.",
    "labels on their own lines": "Student:\nAny fever?\nPatient:\nNo.",
    "numbers": "1) Student: Any fever?\n2) Patient: No.",
    "wide colons": "Student：Any fever?\nPatient：No.",
    "unknown times": "[--:--] Student: Any fever?\n[--:--] Patient: No.",
}


@pytest.mark.parametrize("content", UNTIMED.values(), ids=UNTIMED.keys())
def test_an_untimed_interview_reads_the_same_in_every_usual_shape(content: str) -> None:
    assert spoken(content) == TWO
    assert times(content) == [(None, None), (None, None)]


SPEECH_THAT_LOOKS_LIKE_A_LABEL: dict[str, tuple[str, Spoken]] = {
    "a clinical word before a colon": (
        "Student: Tell me more.\nPatient: It is bad.\nPain: it's like a knife.\nStudent: Since when?",
        [("s", "Tell me more."), ("p", "It is bad.\nPain: it's like a knife."), ("s", "Since when?")],
    ),
    "a note": (
        "Student: Hello.\nNote: the patient nods.\nPatient: Hi.",
        [("s", "Hello.\nNote: the patient nods."), ("p", "Hi.")],
    ),
    "a clinical word at a caption's place": (
        "[00:01] Student: Hello.\n[00:04] Patient: Hi.\n[00:06] Pain: it's my back.",
        [("s", "Hello."), ("p", "Hi."), ("p", "Pain: it's my back.")],
    ),
    "a laboratory word with a hyphen": (
        "D: Any tests?\nP: Two of them.\nD-dimer: normal, they said.\nD: Good.",
        [("s", "Any tests?"), ("p", "Two of them.\nD-dimer: normal, they said."), ("s", "Good.")],
    ),
    "a clock time in speech": (
        "Student: When?\nPatient: It began at night.\n12:30 was when I woke up.",
        [("s", "When?"), ("p", "It began at night.\n12:30 was when I woke up.")],
    ),
    "a clock time in speech among bare times": (
        "12:30 Student: When?\n12:31 Patient: It began\n12:30 was when I woke up.",
        [("s", "When?"), ("p", "It began\n12:30 was when I woke up.")],
    ),
    "am as a verb after a time": (
        "00:05 Student: Yes?\n01:05 Patient: Well.\n01:09 am I going to die?",
        [("s", "Yes?"), ("p", "Well."), ("p", "am I going to die?")],
    ),
    "a blood pressure": (
        "Student: Your pressure?\nPatient: They said:\nBP: 120/80.",
        [("s", "Your pressure?"), ("p", "They said:\nBP: 120/80.")],
    ),
    "a link": ("Student: See\nhttps://example.org\nPatient: Yes.", [("s", "See\nhttps://example.org"), ("p", "Yes.")]),
    "a long clause with a colon": (
        "Student: So\nwhat I want to know is this: does it hurt?\nPatient: Yes.",
        [("s", "So\nwhat I want to know is this: does it hurt?"), ("p", "Yes.")],
    ),
    "a relative in a family history": (
        "Student: And your family?\nPatient: Let me see.\nMother: a stroke.\nFather: nothing.\nStudent: Thank you.",
        [("s", "And your family?"), ("p", "Let me see.\nMother: a stroke.\nFather: nothing."), ("s", "Thank you.")],
    ),
    "form fields": (
        "Patient name: Ana\nStudent ID: 12\nStudent: Hello.\nPatient: Hi.",
        [("s", "Hello."), ("p", "Hi.")],
    ),
    "dose after a drug's name": (
        "Student: Drugs?\nPatient: Two.\nLisinopril: 10 mg daily.\nStudent: Thanks.",
        [("s", "Drugs?"), ("p", "Two.\nLisinopril: 10 mg daily."), ("s", "Thanks.")],
    ),
}


@pytest.mark.parametrize(
    ("content", "expected"), SPEECH_THAT_LOOKS_LIKE_A_LABEL.values(), ids=SPEECH_THAT_LOOKS_LIKE_A_LABEL.keys()
)
def test_speech_that_looks_like_a_label_stays_speech(content: str, expected: Spoken) -> None:
    assert spoken(content) == expected


def test_a_time_of_day_before_the_label_is_a_time() -> None:
    content = "11:59:58 AM Student: Hello.\n12:00:03 PM Patient: Hi.\n1:00 PM Student: Bye."
    assert spoken(content) == [("s", "Hello."), ("p", "Hi."), ("s", "Bye.")]
    assert [start for start, _ in times(content)] == [43_198_000, 43_203_000, 46_800_000]


def test_continuation_lines_belong_to_the_turn_above_and_are_quoted_with_their_line_breaks() -> None:
    transcript = parse_transcript("Student: One,\r\n  two,\r\n\r\nthree.\r\nPatient: Yes.")
    assert transcript.utterances[0].text == "One,\r\n  two,\r\n\r\nthree."
    assert quoted(transcript, transcript.utterances[0]) == ["One,\r\n  two,\r\n\r\nthree."]


def test_a_separator_inside_a_turn_is_left_out_and_the_words_keep_their_places() -> None:
    transcript = parse_transcript("Student: One,\n-----\nPage 2 of 3\ntwo.\nPatient: Yes.")
    assert transcript.utterances[0].text == "One,\ntwo."
    assert quoted(transcript, transcript.utterances[0]) == ["One,", "two."]
    assert [(d.line, d.text, d.reason) for d in transcript.dropped] == [
        (2, "-----", "a separator"),
        (3, "Page 2 of 3", "a page number"),
    ]


def test_a_title_before_the_first_turn_is_dropped_but_a_sentence_there_is_kept() -> None:
    transcript = parse_transcript("Station 3\nGood morning, how are you today?\nStudent: Hello.\nPatient: Hi.")
    first = transcript.utterances[0]
    assert (first.speaker.value, first.text) == ("unknown", "Good morning, how are you today?")
    assert [(d.line, d.text) for d in transcript.dropped] == [(1, "Station 3")]


def test_a_label_or_time_without_words_is_reported() -> None:
    transcript = parse_transcript("[00:01] Student:\n[00:05] Patient: Hi.\n[00:09] Student: Hello.\n[00:12]")
    assert [u.text for u in transcript.utterances] == ["Hi.", "Hello."]
    assert [(d.line, d.reason) for d in transcript.dropped] == [
        (1, "a label without speech"),
        (4, "a time without speech"),
    ]


def test_sounds_in_brackets_are_kept() -> None:
    assert spoken("Student: [inaudible] fever?\nPatient: [coughs]") == [("s", "[inaudible] fever?"), ("p", "[coughs]")]


MONOLOGUES: dict[str, tuple[str, list[str]]] = {
    "sentences": (
        "I saw Mr. Ortiz at 8 a.m. with Dr. Lee. His pain is 7.5 of 10! Why?",
        ["I saw Mr. Ortiz at 8 a.m. with Dr. Lee.", "His pain is 7.5 of 10!", "Why?"],
    ),
    "wrapped lines": (
        "A 54-year-old man with chest pain that began two hours before\nhe came. He denies fever.",
        ["A 54-year-old man with chest pain that began two hours before\nhe came.", "He denies fever."],
    ),
    "headings and bullets": (
        "HPI: chest pain since noon\nMedications:\n- aspirin\n- metformin",
        ["HPI: chest pain since noon", "Medications:", "- aspirin", "- metformin"],
    ),
    "paragraphs": ("chest pain\n\nno fever", ["chest pain", "no fever"]),
    "a SOAP note": ("S: chest pain\nO: BP 140/90\nA: angina\nP: admit", ["S: chest pain", "O: BP 140/90", "A: angina", "P: admit"]),
    "timed lines": ("[00:01] A 54-year-old man.\n[00:04] He has pain\nin his chest.", ["A 54-year-old man.", "He has pain\nin his chest."]),
    "bare times": ("00:01 a man\n00:04 with pain\n00:09 in his chest", ["a man", "with pain", "in his chest"]),
    "family history": ("Mother: stroke at 60.\nFather: well.", ["Mother: stroke at 60.", "Father: well."]),
}  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), MONOLOGUES.values(), ids=MONOLOGUES.keys())
def test_without_labels_everything_is_the_students(content: str, expected: list[str]) -> None:
    assert spoken(content) == [("s", text) for text in expected]


def test_a_long_turn_of_a_student_who_presents_alone_is_cut_into_sentences() -> None:
    sentence = "He has had chest pain on exertion for two weeks now."
    assert spoken("Student: " + " ".join([sentence] * 8)) == [("s", sentence)] * 8
    assert len(spoken("Student: " + " ".join([sentence] * 8) + "\nPatient: Yes.")) == 2
    assert len(spoken("Student: " + " ".join([sentence] * 3))) == 1


REFUSED: dict[str, tuple[str, type[Refusal], str]] = {
    "empty": ("", Malformed, "empty"),
    "blank": (" \r\n\t", Malformed, "empty"),
    "only a BOM": ("\ufeff", Malformed, "empty"),
    "only zero-width characters": ("\u200b\u2060\n", Malformed, "empty"),
    "binary": ("Student: \x00\x01\x02", UnsupportedFormat, "not text"),
    "control characters": ("\x01\x02\x03\x04 ab", UnsupportedFormat, "not text"),
    "half a surrogate pair": ("Student: \ud800", Malformed, "broken characters"),
    "over the limit": ("Student: " + "a" * MAX_TRANSCRIPT_BYTES, TooLarge, "1024 KiB"),
    "over the limit in bytes only": ("é" * (MAX_TRANSCRIPT_BYTES // 2 + 1), TooLarge, "1024 KiB"),
    "labels without words": ("Student:\nPatient:\n", Ungradable, "No speech"),
}


@pytest.mark.parametrize(("content", "kind", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_can_not_be_read_is_refused_with_a_sentence(content: str, kind: type[Refusal], sentence: str) -> None:
    with pytest.raises(kind, match=sentence) as refused:
        parse_transcript(content)
    assert type(refused.value) is kind


def test_a_text_of_exactly_the_limit_is_read() -> None:
    start = "Student: "
    content = start + "a" * (MAX_TRANSCRIPT_BYTES - len(start))
    assert len(parse_transcript(content).utterances[0].text) == MAX_TRANSCRIPT_BYTES - len(start)


def test_an_unknown_format_is_refused_with_the_list_of_formats() -> None:
    with pytest.raises(Malformed) as refused:
        parse_transcript("Student: Hello.", format="docx")
    assert all(name in refused.value.message for name in TRANSCRIPT_FORMATS)


@pytest.mark.parametrize("name", [name for name in TRANSCRIPT_FORMATS if name != "text"])
def test_content_that_is_not_of_the_named_format_is_refused(name: str) -> None:
    with pytest.raises(Malformed, match="This"):
        parse_transcript("Student: Hello.\nPatient: Hi.", format=name)


def test_the_format_name_may_be_in_capitals() -> None:
    assert parse_transcript("Student: Hello.", format=" TEXT ").format == "text"


def test_a_transcript_without_a_students_words_can_not_be_graded() -> None:
    with pytest.raises(Ungradable, match=r"This file has no lines by a student\. Tell us which speaker is the student"):
        require_gradable(parse_transcript("Patient: It hurts.\nExaminer: Stop."))


def test_a_transcript_with_a_students_words_can_be_graded() -> None:
    transcript = parse_transcript("Patient: It hurts.\nNurse: Where?\nStudent: Where?")
    assert require_gradable(transcript) is transcript
