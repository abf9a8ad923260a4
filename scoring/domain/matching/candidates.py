"""Clauses that may ask a question, each with the features that the decision weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scoring.domain.matching.conversation import Heard
from scoring.domain.matching.fit import Fit, best_fit
from scoring.domain.matching.forms import QUESTION, Form, Forms
from scoring.domain.matching.relations import FULL, relations
from scoring.domain.matching.rubric import Rubric

COVERED = 880  # from which a wording counts as wholly covered
MOST_CLAUSES = 256  # looked at for one question, the best fitting; an interview of an hour has fewer

FEATURES = (
    "coverage",  # how much of the wording is in the clause
    "full",  # all of it is
    "explained",  # how much of the clause is in the wording
    "wordings",  # how many of the question's wordings it covers, four being full
    "marked",  # ends in a question mark
    "asks",  # is worded as a question or request
    "lists",  # opens with “any” or “no”
    "plans",  # advises or explains
    "confirms",  # restates with “right?” or “you said”
    "statement",  # none of the forms of a question
    "echo",  # repeats what the patient just said
    "other_topic",  # an attribute, asked while another symptom was the topic
    "long",  # content words, twenty being full
    "words_only",  # no concept is shared, only words or likeness
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """`clause` may ask `question` as `unit` words it; features in thousandths, in the order of FEATURES."""

    question: int
    clause: int
    unit: int
    features: tuple[int, ...]


def candidates(rubric: Rubric, clauses: Sequence[Heard]) -> list[Candidate]:
    """Every (question, clause) that is near enough, with its best wording, by question and then clause."""
    if not clauses or not rubric.units:
        return []
    return _Survey(rubric, clauses).candidates()


class _Survey:
    def __init__(self, rubric: Rubric, clauses: Sequence[Heard]) -> None:
        self._rubric = rubric
        self._clauses = clauses
        self._fit: Fit = best_fit(rubric, clauses, covered=COVERED)
        self._row_of = relations(rubric.vocabulary).row_of

    def candidates(self) -> list[Candidate]:
        return [
            Candidate(question, clause, unit, self._features(row, clause, unit))
            for row, question in enumerate(self._rubric.questions)
            for clause in self._nearest(row)
            for unit in (int(self._fit.unit[row, clause]),)
        ]

    def _nearest(self, row: int) -> list[int]:
        near = np.flatnonzero(self._fit.unit[row] >= 0)
        if len(near) > MOST_CLAUSES:
            best = np.argsort(-self._fit.rank[row, near], kind="stable")[:MOST_CLAUSES]
            near = np.sort(near[best])
        return [int(clause) for clause in near]

    def _features(self, row: int, clause: int, unit: int) -> tuple[int, ...]:
        """In the order of FEATURES."""
        said, fit = self._clauses[clause], self._fit
        coverage = int(fit.coverage[row, clause])
        return (
            coverage,
            FULL * (coverage >= COVERED),
            int(fit.explained[row, clause]),
            min(int(fit.wordings[row, clause]), 4) * 250,
            *_form_features(said.clause.forms),
            FULL * said.echo,
            FULL * self._is_off_topic(unit, said),
            min(len(said.words) * 50, FULL),
            FULL * self._rubric.accounts[unit].isdisjoint(said.concepts),
        )

    def _is_off_topic(self, unit: int, said: Heard) -> bool:
        if said.topic is None or said.entities:
            return False
        return not self._rubric.near[unit, self._row_of[said.topic]]


@lru_cache(maxsize=256)
def _form_features(forms: Forms) -> tuple[int, ...]:
    """From “marked” to “statement”."""
    said = [Form.MARKED in forms, Form.ASKS in forms, Form.LISTS in forms, Form.PLANS in forms, Form.CONFIRMS in forms]
    return tuple(FULL * holds for holds in (*said, QUESTION.isdisjoint(forms)))
