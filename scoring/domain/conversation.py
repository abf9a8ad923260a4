"""The conversation with the patient: who spoke to whom, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


def sentences_of(utterance: Utterance) -> tuple[Sentence, ...]:
    return tuple(_sentences(utterance))


def _sentences(utterance: Utterance) -> Iterator[Sentence]:
    tokens = iter(tokens_of(utterance.text))
    token = next(tokens, None)
    for start, end in sentence_parts(utterance.text, 0, len(utterance.text)):
        inside = []
        while token is not None and token.start < end:
            inside.append(token)
            token = next(tokens, None)
        yield Sentence(utterance, start, end, tuple(inside))


@dataclass(frozen=True, slots=True)
class Turn:
    """What one of the two said without a break by the transcript."""

    utterance: Utterance
    sentences: tuple[Sentence, ...]

    @property
    def by_student(self) -> bool:
        return self.utterance.speaker is Speaker.STUDENT

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.utterance.turn, 0, len(self.utterance.text))


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns of the student and the patient, in order; what the student tells an examiner is not among them.

    Without any patient speech there is no conversation, and no turn.
    """

    turns: tuple[Turn, ...]

    def __bool__(self) -> bool:
        return bool(self.turns)

    @property
    def student(self) -> tuple[Turn, ...]:
        return tuple(turn for turn in self.turns if turn.by_student)

    @property
    def sentences(self) -> Iterator[Sentence]:
        """The student's."""
        return (sentence for turn in self.student for sentence in turn.sentences)


def conversation_of(utterances: Sequence[Utterance], sections: Sequence[Section | None]) -> Conversation:
    last_patient_turn = max(
        (u.turn for u in utterances if u.speaker is Speaker.PATIENT and u.text.strip()), default=None
    )
    if last_patient_turn is None:
        return Conversation(())
    return Conversation(tuple(Turn(u, sentences_of(u)) for u in _between(utterances, sections, last_patient_turn)))


def _between(
    utterances: Sequence[Utterance], sections: Sequence[Section | None], last_patient_turn: int
) -> Iterator[Utterance]:
    """Without what answers an examiner and what presents the case after the patient's last word."""
    to_examiner = False
    for utterance, section in zip(utterances, sections, strict=True):
        if not utterance.text.strip():
            continue
        if utterance.speaker is Speaker.PATIENT:
            yield utterance
        if utterance.speaker is not Speaker.STUDENT:
            to_examiner = utterance.speaker is Speaker.EXAMINER
        elif not to_examiner and not (utterance.turn > last_patient_turn and _presents(utterance, section)):
            yield utterance


def _presents(utterance: Utterance, section: Section | None) -> bool:
    return section in _PRESENTED and not any(token.word in _SECOND_PERSON for token in tokens_of(utterance.text))
