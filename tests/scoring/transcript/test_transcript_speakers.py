"""Who is who: labels, maps, guesses, and the warnings that go with them."""

from __future__ import annotations

import pytest

from rubrics.domain.errors import Malformed
from scoring.domain.transcript import parse_transcript
from scoring.domain.transcript.labels import LabelKind, label_key, read_label
from scoring.domain.transcript.model import SpeakerBasis
from tests.scoring.transcript.reading import codes, spoken

ROLES = {
    "student": ("Student", "DOCTOR", "dr", "Dr.", "D", "s", "Examinee", "Interviewer", "Dr Smith", "Dr. Jones", "dr jones",
                "Doctor Smith", "Student 2", "Student A", "S1", "Student Doctor", "Medical Student", "Student (Priya)"),
    "patient": ("Patient", "PT", "P", "sp", "SP1", "SP 2", "Standardized Patient", "Simulated patient", "Patient 1",
                "Mrs Lee (patient)", "Patient (Mrs Lee)", "Anna (mother)", "Patient (Dr Lee)", "Caregiver"),
    "examiner": ("Examiner", "preceptor", "Attending", "Attending Physician", "Examiner 1", "Dr Lee (examiner)"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("label", "role"), [(label, role) for role, labels in ROLES.items() for label in labels], ids=lambda value: value
)
def test_a_label_stands_for_its_role(label: str, role: str) -> None:
    assert read_label(label).speaker.value == role


@pytest.mark.parametrize(
    "label",
    [
        "Pain",
        "HPI",
        "Plan",
        "Note",
        "Patient name",
        "Student ID",
        "Doctor visits",
        "Past medical history",
        "So",
        "Headache",
    ],
)
def test_headings_and_clinical_words_are_no_speakers(label: str) -> None:
    assert read_label(label).kind is LabelKind.NONE


@pytest.mark.parametrize("label", ["Speaker 1", "spk_0", "SPEAKER_00", "Speaker A", "spk1", "Participant 2", "ch_1"])
def test_numbered_labels_are_known_as_a_machines(label: str) -> None:
    assert read_label(label).kind is LabelKind.DIARISED


def test_labels_are_the_same_without_regard_to_case_spaces_and_marks() -> None:
    assert {label_key(label) for label in ("SPEAKER_00", "speaker 00", "Speaker-00", " Speaker  00:")} == {"speaker 00"}


INTERVIEW = "Student: What happened?\nPatient: I fell.\n{}: Excuse me.\nStudent: Where does it hurt?\nPatient: Here."


@pytest.mark.parametrize("label", ["Nurse", "Priya", "Mrs Lee", "Interpreter", "Unknown", "??", "Speaker 3"])
def test_one_line_by_an_unknown_speaker_is_kept_and_told(label: str) -> None:
    content = INTERVIEW.format(label)
    assert [who for who, _ in spoken(content)] == ["s", "p", "u", "s", "p"]
    warning = next(w for w in parse_transcript(content).warnings if w.code == "unknown_speaker")
    assert warning.turns == (3,)
    assert f"“{label}”" in warning.message


def test_a_map_names_the_unknown_speaker() -> None:
    assert [who for who, _ in spoken(INTERVIEW.format("Priya"), speaker_map={"priya": "Examiner"})][2] == "e"
    assert codes(INTERVIEW.format("Priya"), speaker_map={"priya": "Examiner"}) == []


def test_a_speaker_that_a_person_calls_unknown_is_no_doubt() -> None:
    assert codes(INTERVIEW.format("Nurse"), speaker_map={"Nurse": "unknown"}) == []


def test_a_map_wins_over_what_a_label_says() -> None:
    content = "Doctor: Stop.\nStudent: Yes?\nPatient: Hm."
    assert [who for who, _ in spoken(content, speaker_map={"Doctor": "examiner"})] == ["e", "s", "p"]


def test_a_map_makes_a_speaker_of_a_heading() -> None:
    content = "Student: Well?\nPain: it hurts.\nStudent: Where?"
    assert [who for who, _ in spoken(content, speaker_map={"Pain": "patient"})] == ["s", "p", "s"]


def test_a_map_may_use_the_words_of_labels_for_roles() -> None:
    content = "Speaker 1: Well?\nSpeaker 2: It hurts."
    assert [who for who, _ in spoken(content, speaker_map={"speaker 1": "SP", "Speaker_2": "Doctor"})] == ["p", "s"]


def test_a_map_with_a_role_that_is_none_is_refused_and_names_the_label() -> None:
    with pytest.raises(Malformed, match="student, patient, examiner, unknown") as refused:
        parse_transcript("Speaker 1: Hello.", speaker_map={"Speaker 1": "boss"})
    assert [problem.field for problem in refused.value.fields] == ["speaker_map.Speaker 1"]


def test_a_map_that_names_nobody_is_told() -> None:
    assert codes(INTERVIEW.format("Nurse"), speaker_map={"Nurse": "unknown", "Spk 9": "student"}) == [
        "speaker_map_unused"
    ]


GUESSES = {
    "who asks is the student": "Speaker 1: It hurts.\nSpeaker 2: Where does it hurt?\nSpeaker 1: Here.\nSpeaker 2: When?",
    "who opens is the student": "spk_1: Right. My arm is bad. Is it broken?\nspk_0: I'm a medical student. Go on.\nspk_1: Is it?",
    "without question marks": "A: it hurts\nB: where does it hurt\nA: here\nB: when did it start\nA: now",
    "names": "Tom Lee: Hello.\nPriya: What brings you in?\nTom Lee: My back.\nPriya: Since when?",
}  # fmt: skip


@pytest.mark.parametrize("content", GUESSES.values(), ids=GUESSES.keys())
def test_numbered_and_named_speakers_are_guessed_and_the_guess_is_told(content: str) -> None:
    assert [who for who, _ in spoken(content)][:2] == ["p", "s"]
    transcript = parse_transcript(content)
    assert "speakers_guessed" in [w.code for w in transcript.warnings]
    assert {speaker.basis for speaker in transcript.speakers} == {SpeakerBasis.GUESS}


def test_a_guess_is_corrected_by_a_map_of_one_speaker() -> None:
    content = GUESSES["who asks is the student"]
    assert [who for who, _ in spoken(content, speaker_map={"Speaker 1": "student"})] == ["s", "p", "s", "p"]


def test_beside_a_known_student_the_only_other_voice_is_guessed_to_be_the_patient() -> None:
    content = "Student: Where?\nTom: Here.\nStudent: When?\nTom: Now."
    assert [who for who, _ in spoken(content)] == ["s", "p", "s", "p"]
    assert codes(content) == ["speakers_guessed"]


def test_a_third_numbered_voice_stays_unknown() -> None:
    content = "Speaker 1: Where?\nSpeaker 2: Here, at the back.\nSpeaker 3: Time.\nSpeaker 1: When?"
    assert [who for who, _ in spoken(content)] == ["s", "p", "u", "s"]


def test_the_speakers_are_listed_in_order_with_their_reasons() -> None:
    transcript = parse_transcript(INTERVIEW.format("Nurse"), speaker_map={"Patient": "patient"})
    assert [(s.label, s.speaker.value, s.basis.value, s.utterances) for s in transcript.speakers] == [
        ("Student", "student", "label", 2),
        ("Patient", "patient", "speaker_map", 2),
        ("Nurse", "unknown", "unknown", 1),
    ]


def test_a_timed_line_without_a_label_goes_on_from_the_turn_before_and_is_told() -> None:
    content = "[00:01] Student: Hello.\n[00:03] and welcome.\n[00:05] Patient: Hi."
    assert spoken(content) == [("s", "Hello."), ("s", "and welcome."), ("p", "Hi.")]
    assert codes(content) == ["speaker_assumed"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("Dr Lee: Hi.\nPatient: Hi.\nDr Ray: Hello.", True),
        ("Doctor: Hi.\nPatient: Hi.\nStudent: Hello.", True),
        ("Doctor: Hi.\nPatient: Hi.\nDr: Hello.", False),
    ],
    ids=["two names", "a doctor and a student", "two words for one"],
)
def test_several_students_are_told_unless_the_labels_mean_one(content: str, told: bool) -> None:
    assert ("several_student_labels" in codes(content)) is told


def test_a_parent_who_speaks_more_than_once_is_on_the_patients_side() -> None:
    content = "Student: How is she?\nMother: Hot.\nStudent: Since when?\nMother: Monday."
    assert [who for who, _ in spoken(content)] == ["s", "p", "s", "p"]
