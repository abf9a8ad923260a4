"""The conversation with the patient: who spoke to whom, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from scoring.domain.evidence import Evidence
from scoring.domain.lexicon import Hit, Token, tokens_of
from scoring.domain.segmentation.section import Section
from scoring.domain.transcript.model import Speaker, Utterance
from scoring.domain.transcript.sentences import sentence_parts

_PRESENTED = frozenset({Section.SUMMARY, Section.EXAM, Section.ASSESSMENT, Section.PLAN})
_SECOND_PERSON = frozenset({"you", "your", "yours", "yourself", "you're", "you've", "you'd", "you'll"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """text[start:end] of an utterance, and its words."""

    utterance: Utterance
    start: int
    end: int
    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        return self.utterance.text[self.start : self.end]

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.utterance.turn, self.start, self.end)

    def span(self, hit: Hit) -> Evidence:
        return Evidence(self.utterance.turn, self.tokens[hit.first].start, self.tokens[hit.last - 1].end)


def sentences_of(utterance: Utterance) -> Iterator[Sentence]:
    tokens = iter(tokens_of(utterance.text))
    token = next(tokens, None)
    for start, end in sentence_parts(utterance.text, 0, len(utterance.text)):
        inside = []
        while token is not None and token.start < end:
            inside.append(token)
            token = next(tokens, None)
        yield Sentence(utterance, start, end, tuple(inside))


@dataclass(frozen=True)
class Conversation:
    """student: what the student said to the patient; what is told to an examiner is not in it.

    Without any patient speech there is no conversation: both are empty.
    """

    student: tuple[Utterance, ...]
    patient: tuple[Utterance, ...]

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The student's."""
        return tuple(sentence for utterance in self.student for sentence in sentences_of(utterance))

    @property
    def turns(self) -> list[Utterance]:
        return sorted((*self.student, *self.patient), key=lambda utterance: utterance.turn)


def conversation_of(utterances: Sequence[Utterance], sections: Sequence[Section | None]) -> Conversation:
    patient = tuple(u for u in utterances if u.speaker is Speaker.PATIENT)
    if not patient:
        return Conversation((), ())
    return Conversation(tuple(_to_patient(utterances, sections, patient[-1].turn)), patient)


def _to_patient(
    utterances: Sequence[Utterance], sections: Sequence[Section | None], last_patient_turn: int
) -> Iterator[Utterance]:
    """Not what answers an examiner, nor what presents the case after the patient's last word."""
    to_examiner = False
    for utterance, section in zip(utterances, sections, strict=True):
        if utterance.speaker is not Speaker.STUDENT:
            to_examiner = utterance.speaker is Speaker.EXAMINER
        elif not to_examiner and not (utterance.turn > last_patient_turn and _presents(utterance, section)):
            yield utterance


def _presents(utterance: Utterance, section: Section | None) -> bool:
    return section in _PRESENTED and not any(token.word in _SECOND_PERSON for token in tokens_of(utterance.text))
