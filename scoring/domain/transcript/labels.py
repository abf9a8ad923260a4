"""Speaker labels: which words name a speaker, and which role each stands for.

A label is recognised by what it says (the tables below), never by its place alone: “Pain: it's sharp” is speech.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from scoring.domain.transcript.model import Speaker
from scoring.domain.transcript.vocabulary import (
    EXAMINER_WORDS,
    FAMILY_WORDS,
    FORM_FIELD_WORDS,
    NOT_A_SPEAKER,
    PATIENT_WORDS,
    STUDENT_WORDS,
    THIRD_PARTY_WORDS,
    TITLES,
    UNIDENTIFIED_WORDS,
)

MAX_LABEL_LENGTH = 48
_MAX_NAME_WORDS = 5
_MAX_NAME_WORDS_AFTER_ROLE = 3

_SPACES = re.compile(r"[\s_\-#.]+")
_DIARISED = re.compile(r"(?:speaker|spk|spkr|person|voice|participant|channel|ch|guest)? ?(?:[0-9]{1,3}|(?<= )[a-z])\Z")
_PARENTHESES = re.compile(r"[(\[]([^()\[\]]{1,30})[)\]]")
_NUMBER_OR_LETTER = re.compile(r"(?:[0-9]{1,3}|[a-z])\Z")


class LabelKind(StrEnum):
    """How sure the wording alone makes us that a label names a speaker.

    ROLE: a word of the tables (“Student”, “Dr Lee”, “SP 2”).
    LETTER: D, S or P alone, which a SOAP note also uses as headings.
    FAMILY: “Mother”, who is a speaker in a paediatric station and a heading in a family history.
    DIARISED: numbered by a machine (“spk_0”, “Speaker 1”).
    PERSON: surely a person, but of no role we grade (“Nurse”).
    TITLED: surely a person, of a role yet to be found (“Mrs Lee”).
    NAME: written like a name (“Priya”).
    OTHER: written like anything.
    NONE: a heading, a form field, or a word that opens many sentences.
    """

    ROLE = "role"
    LETTER = "letter"
    FAMILY = "family"
    DIARISED = "diarised"
    PERSON = "person"
    TITLED = "titled"
    NAME = "name"
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LabelReading:
    """What a label's wording says: its kind, and the role it stands for."""

    kind: LabelKind
    speaker: Speaker = Speaker.UNKNOWN


_ROLE_OF_WORD: dict[str, Speaker] = {
    **dict.fromkeys(STUDENT_WORDS, Speaker.STUDENT),
    **dict.fromkeys(PATIENT_WORDS, Speaker.PATIENT),
    **dict.fromkeys(EXAMINER_WORDS, Speaker.EXAMINER),
    **dict.fromkeys(UNIDENTIFIED_WORDS, Speaker.UNKNOWN),
}


@lru_cache(maxsize=4096)
def label_key(label: str) -> str:
    """The form under which labels are the same: case, spaces, `_`, `-`, `#` and dots don't count.

    >>> label_key("SPEAKER_00") == label_key("speaker 00"), label_key("Dr. Lee")
    (True, 'dr lee')
    """
    return _SPACES.sub(" ", label.casefold()).strip(" *:,")


@lru_cache(maxsize=4096)
def read_label(label: str) -> LabelReading:
    """What the wording of a label says about it, without its surroundings.

    >>> read_label("Dr. Jones").speaker.value, read_label("SP 2").speaker.value
    ('student', 'patient')
    >>> read_label("Pain").kind.value, read_label("Doctor visits").kind.value
    ('none', 'none')
    """
    if not label or len(label) > MAX_LABEL_LENGTH:
        return LabelReading(LabelKind.NONE)
    in_parentheses = _PARENTHESES.search(label)
    return _read_annotated(label, in_parentheses) if in_parentheses else _read_words(label, label_key(label))


def role_named(value: str) -> Speaker | None:
    """The role that a person means by a word of a speaker map or a column (“doctor” → student); None if unclear."""
    key = label_key(value)
    if key in {speaker.value for speaker in Speaker}:
        return Speaker(key)
    reading = read_label(value)
    known = reading.kind in (LabelKind.ROLE, LabelKind.LETTER, LabelKind.FAMILY)
    return reading.speaker if known else None


def _read_words(label: str, key: str) -> LabelReading:
    if key in _ROLE_OF_WORD:
        return LabelReading(LabelKind.LETTER if len(key) == 1 else LabelKind.ROLE, _ROLE_OF_WORD[key])
    if key in FAMILY_WORDS:
        return LabelReading(LabelKind.FAMILY, Speaker.PATIENT)
    if _DIARISED.match(key):
        return LabelReading(LabelKind.DIARISED)
    return _read_qualified(label, key)


def _read_annotated(label: str, found: re.Match[str]) -> LabelReading:
    """“Dr Lee (examiner)” is the examiner, “Student (Priya)” the student, “Patient (Dr Lee)” the patient."""
    inside = read_label(found[1])
    if label_key(found[1]) in _ROLE_OF_WORD:
        return LabelReading(LabelKind.ROLE, inside.speaker)
    outside = read_label((label[: found.start()] + label[found.end() :]).strip())
    for reading in (outside, inside):
        if reading.kind in (LabelKind.ROLE, LabelKind.LETTER):
            return LabelReading(LabelKind.ROLE, reading.speaker)
    if LabelKind.FAMILY in (inside.kind, outside.kind):
        return LabelReading(LabelKind.ROLE, Speaker.PATIENT)
    return outside


def _read_qualified(label: str, key: str) -> LabelReading:
    """“Dr Lee”, “Student 2”, “P1”, “Mrs Lee”, “Nurse Kim”, or a bare name."""
    words = key.split(" ")
    if any(word in FORM_FIELD_WORDS for word in words[1:]) or key in NOT_A_SPEAKER:
        return LabelReading(LabelKind.NONE)
    rest = label.split()[1:]
    for length in range(len(words) - 1, 0, -1):
        role = _ROLE_OF_WORD.get(" ".join(words[:length]))
        if role is not None and _qualifies(words[:length], words[length:], rest):
            return LabelReading(LabelKind.ROLE, role)
    numbered = _ROLE_OF_WORD.get(key.rstrip("0123456789"))
    if numbered is not None:
        return LabelReading(LabelKind.ROLE, numbered)
    return _read_name(label, words)


def _qualifies(role_words: list[str], qualifier: list[str], rest: list[str]) -> bool:
    """A number or letter after any role; a capitalised name after a role that is written out (“Dr Lee”)."""
    if len(qualifier) == 1 and _NUMBER_OR_LETTER.match(qualifier[0]):
        return True
    if role_words == ["dr"] and len(qualifier) == 1:
        return True
    return (
        len(role_words[0]) > 1 and len(rest) <= _MAX_NAME_WORDS_AFTER_ROLE and all(word[:1].isupper() for word in rest)
    )


def _read_name(label: str, words: list[str]) -> LabelReading:
    if words[0] in THIRD_PARTY_WORDS or words[-1] in THIRD_PARTY_WORDS:
        return LabelReading(LabelKind.PERSON)
    if words[0] in TITLES and len(words) <= _MAX_NAME_WORDS:
        return LabelReading(LabelKind.TITLED)
    if words[0] in NOT_A_SPEAKER or len(words) > _MAX_NAME_WORDS:
        return LabelReading(LabelKind.NONE)
    if _is_written_like_a_name(label):
        return LabelReading(LabelKind.NAME)
    return LabelReading(LabelKind.OTHER)


def _is_written_like_a_name(label: str) -> bool:
    """Every word is capitalised or of a script without capitals (“de”, “van” and the like aside)."""
    words = label.replace(",", " ").split()
    return bool(words) and all(_begins_like_a_name(word) or word in _PARTICLES for word in words)


_PARTICLES = frozenset({"de", "da", "del", "der", "di", "van", "von", "den", "la", "le", "el", "al", "bin", "ibn", "y"})


def _begins_like_a_name(word: str) -> bool:
    """“Anne-Marie” does, “D-dimer” and “X-ray” do not."""
    return all(part[:1].isalpha() and not part[0].islower() for part in word.split("-"))
