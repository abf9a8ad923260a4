"""Who each label stands for: what a person said, what the word says, and where both are silent a guess, marked as one.

The guess: the student is who opens the consultation and asks the questions (on a tie, who speaks first), the patient
who says most of the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rubrics.domain.errors import FieldProblem, Malformed
from scoring.domain.transcript.labels import LabelKind, label_key, read_label, role_named
from scoring.domain.transcript.model import Speaker, SpeakerBasis
from scoring.domain.transcript.passage import Passage

_GUESSABLE = (LabelKind.DIARISED, LabelKind.TITLED, LabelKind.NAME, LabelKind.OTHER)
_FEWEST_PASSAGES_OF_PATIENT = 2
_LONGEST_ASKING = 40
_OPENING_PASSAGES = 4
_WORTH_OF_OPENING = 3
_OPENING = re.compile(
    r"\b(?:medical student|student doctor|student nurse"
    r"|(?:i'm|i’m|i am|this is|my name is|name's) (?:dr|doctor|a student)"
    r"|what brings you|brought you in|how can i help|what can i (?:do|help))\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"(?:(?:and|so|ok|okay|now|um|uh|well|right|alright)[,.]? ){0,3}"
    r"(?:what|when|where|which|who|why|how|do|does|did|have|has|had|are|is|was|were|can|could|would|will|any|tell me)"
    r"\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Role:
    """The role of one label; label: as first written."""

    label: str
    speaker: Speaker
    basis: SpeakerBasis


@dataclass(frozen=True, slots=True)
class Attribution:
    """roles: by label key, in order of appearance. speakers: of each passage. assumed: indexes of passages without a
    label, read as going on from the passage before."""

    roles: Mapping[str, Role]
    speakers: tuple[Speaker, ...]
    assumed: tuple[int, ...]


def read_speaker_map(speaker_map: Mapping[str, str] | None) -> dict[str, Speaker]:
    """A person's map from label to role, keyed by `label_key`; Malformed when a role is not one of ours."""
    roles: dict[str, Speaker] = {}
    problems: list[FieldProblem] = []
    for label, value in (speaker_map or {}).items():
        role = role_named(value)
        if role is None:
            problems.append(FieldProblem(f"speaker_map.{label}", f"“{value}” is not a role."))
        else:
            roles[label_key(label)] = role
    if problems:
        choices = ", ".join(speaker.value for speaker in Speaker)
        raise Malformed(f"Each label of speaker_map must be given one of: {choices}.", fields=tuple(problems))
    return roles


def attribute(passages: Sequence[Passage], mapped: Mapping[str, Speaker]) -> Attribution:
    """Give every passage a speaker. Without any label it is a monologue, and all of it the student's."""
    roles = _stated_roles(passages, mapped)
    if not roles:
        return Attribution({}, (Speaker.STUDENT,) * len(passages), ())
    roles |= _guessed_roles(passages, roles)
    speakers: list[Speaker] = []
    assumed: list[int] = []
    for index, passage in enumerate(passages):
        if passage.label is not None:
            speakers.append(roles[label_key(passage.label)].speaker)
            continue
        speakers.append(speakers[-1] if speakers else Speaker.UNKNOWN)
        assumed.append(index)
    return Attribution(roles, tuple(speakers), tuple(assumed))


def _stated_roles(passages: Sequence[Passage], mapped: Mapping[str, Speaker]) -> dict[str, Role]:
    roles: dict[str, Role] = {}
    for passage in passages:
        key = label_key(passage.label) if passage.label is not None else None
        if passage.label is not None and key is not None and key not in roles:
            roles[key] = _stated_role(passage.label, mapped.get(key))
    return roles


def _stated_role(label: str, mapped: Speaker | None) -> Role:
    if mapped is not None:
        return Role(label, mapped, SpeakerBasis.MAP)
    reading = read_label(label)
    if reading.speaker is Speaker.UNKNOWN:
        return Role(label, Speaker.UNKNOWN, SpeakerBasis.UNKNOWN)
    return Role(label, reading.speaker, SpeakerBasis.LABEL)


def _guessed_roles(passages: Sequence[Passage], roles: Mapping[str, Role]) -> dict[str, Role]:
    """Roles for unknown labels where the file names no student, or no patient."""
    spoken = _passages_by_key(passages)
    open_keys = [key for key, role in roles.items() if _is_open(role)]
    guessed: dict[str, Role] = {}
    taken = {role.speaker for role in roles.values()}
    if Speaker.STUDENT not in taken and open_keys:
        student = max(open_keys, key=lambda key: _like_a_student(spoken[key]))
        guessed[student] = _guess(roles[student], Speaker.STUDENT)
        open_keys.remove(student)
    candidates = [key for key in open_keys if guessed or _may_be_patient(roles[key], spoken[key])]
    if Speaker.PATIENT not in taken and candidates:
        patient = max(candidates, key=lambda key: sum(len(text.split()) for text in spoken[key]))
        guessed[patient] = _guess(roles[patient], Speaker.PATIENT)
    return guessed


def _is_open(role: Role) -> bool:
    return role.basis is SpeakerBasis.UNKNOWN and read_label(role.label).kind in _GUESSABLE


def _may_be_patient(role: Role, texts: Sequence[str]) -> bool:
    """A name that speaks once beside a known student is a passer-by; a numbered voice is one of the two."""
    return read_label(role.label).kind is LabelKind.DIARISED or len(texts) >= _FEWEST_PASSAGES_OF_PATIENT


def _guess(role: Role, speaker: Speaker) -> Role:
    return Role(role.label, speaker, SpeakerBasis.GUESS)


def _passages_by_key(passages: Sequence[Passage]) -> dict[str, list[str]]:
    spoken: dict[str, list[str]] = {}
    for passage in passages:
        if passage.label is not None:
            spoken.setdefault(label_key(passage.label), []).append(passage.text.text)
    return spoken


def _like_a_student(texts: Sequence[str]) -> int:
    """Passages that ask something; introducing oneself or opening the consultation counts for three of them."""
    opens = any(_OPENING.search(text) for text in texts[:_OPENING_PASSAGES])
    return sum(1 for text in texts if asks(text)) + (_WORTH_OF_OPENING if opens else 0)


def asks(text: str) -> bool:
    """Whether a stretch of speech asks something.

    A question mark tells; recognised speech often has none, so the opening words of a question do too, if it is short.
    """
    return "?" in text or (len(text.split()) <= _LONGEST_ASKING and _ASKING.match(text) is not None)
