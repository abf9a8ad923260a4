"""Which of a rubric's questions did the student ask? The whole path from utterances to verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.domain.matching.candidates import Candidate, candidates
from scoring.domain.matching.clauses import student_clauses
from scoring.domain.matching.conversation import Heard, heard_in_context
from scoring.domain.matching.decision import THRESHOLD, best_of, decision, is_uncertain
from scoring.domain.matching.embeddings import embeddings
from scoring.domain.matching.model import Evidence, Question, QuestionMatch, QuestionMatcher
from scoring.domain.matching.own_words import OwnWords, vocabulary_with
from scoring.domain.matching.questions import word_weights
from scoring.domain.matching.rubric import Rubric, compiled
from scoring.domain.matching.vocabulary import clinical_vocabulary
from scoring.domain.segmentation.section import Section
from scoring.domain.transcript.model import Utterance, is_case_presentation


def load() -> None:
    """Read and check every data file, so that a damaged installation is found at start and not in a grading."""
    clinical_vocabulary()
    embeddings()
    word_weights()
    decision()


def match_questions(
    questions: Sequence[Question],
    utterances: Sequence[Utterance],
    sections: Sequence[Section | None],
    threshold: Decimal | None = None,
) -> tuple[QuestionMatch, ...]:
    """One verdict per question, in the order given; see `scoring.domain.matching.model.QuestionMatcher`.

    The sections are not read: clauses carry their own context. They stay in the seam for a matcher that wants them.
    """
    return matcher_with(())(questions, utterances, sections, threshold)


def matcher_with(own: OwnWords) -> QuestionMatcher:
    """A matcher that also knows a school's or a rubric's own words.

    Other words give other verdicts: who uses this makes the words part of what a grading is identified by.
    """
    vocabulary = vocabulary_with(own)

    def match(
        questions: Sequence[Question],
        utterances: Sequence[Utterance],
        sections: Sequence[Section | None],
        threshold: Decimal | None = None,
    ) -> tuple[QuestionMatch, ...]:
        rubric = compiled(tuple(questions), vocabulary)
        clauses = student_clauses(utterances, presented=is_case_presentation(utterances))
        said = heard_in_context(clauses, utterances, vocabulary)
        found: list[list[Candidate]] = [[] for _ in questions]
        for candidate in candidates(rubric, said):
            found[candidate.question].append(candidate)
        limit = THRESHOLD if threshold is None else threshold
        return tuple(
            _verdict(question, _nearest(near, rubric, said, utterances), limit)
            for question, near in zip(questions, found, strict=True)
        )

    return match


@dataclass(frozen=True, slots=True)
class _Nearest:
    score: int
    candidate: Candidate
    phrase: str
    evidence: Evidence


def _nearest(
    near: Sequence[Candidate], rubric: Rubric, said: Sequence[Heard], utterances: Sequence[Utterance]
) -> _Nearest | None:
    """The surest clause with the wording that it answers to: score, phrase and place are all its own."""
    best = best_of(near, decision())
    if best is None:
        return None
    score, candidate = best
    clause = said[candidate.clause].clause
    evidence = Evidence(utterances[clause.index].turn, clause.start, clause.end)
    return _Nearest(score, candidate, rubric.units[candidate.unit].phrase, evidence)


def _verdict(question: Question, nearest: _Nearest | None, threshold: Decimal) -> QuestionMatch:
    confidence = decision().confidence(nearest.score if nearest else None)
    return QuestionMatch(
        question_id=question.id,
        asked=nearest is not None and confidence >= threshold,
        uncertain=is_uncertain(confidence, threshold, nearest.candidate if nearest else None),
        confidence=confidence,
        matching_phrase=nearest.phrase if nearest else None,
        evidence=nearest.evidence if nearest else None,
    )
