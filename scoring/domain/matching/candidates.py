"""Clauses that may ask a question, each with the features that the decision weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.domain.matching.conversation import Heard
from scoring.domain.matching.fit import Fit, best_fit
from scoring.domain.matching.forms import Form
from scoring.domain.matching.rubric import Rubric
from scoring.domain.matching.strengths import relations

FULL = 1000
COVERED = 880  # from which a wording counts as wholly covered
SHARED_ITEM = 450  # strength from which a concept of the clause is what the wording means
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
        self._meant: dict[tuple[int, int], frozenset[str]] = {}

    def candidates(self) -> list[Candidate]:
        return [
            Candidate(question, clause, int(self._fit.unit[row, clause]), self._features(row, clause))
            for row, question in enumerate(self._rubric.questions)
            for clause in self._nearest(row)
        ]

    def _nearest(self, row: int) -> list[int]:
        near = np.flatnonzero(self._fit.unit[row] >= 0)
        if len(near) > MOST_CLAUSES:
            best = np.argsort(-self._fit.rank[row, near], kind="stable")[:MOST_CLAUSES]
            near = np.sort(near[best])
        return [int(clause) for clause in near]

    def _features(self, row: int, clause: int) -> tuple[int, ...]:
        said, fit = self._clauses[clause], self._fit
        matched = self._matched(int(fit.unit[row, clause]), clause)
        coverage = int(fit.coverage[row, clause])
        found = {
            "coverage": coverage,
            "full": FULL * (coverage >= COVERED),
            "explained": int(fit.explained[row, clause]),
            "wordings": min(int(fit.wordings[row, clause]), 4) * 250,
            "other_topic": FULL * self._is_off_topic(int(fit.unit[row, clause]), said),
            "long": min(len(said.words) * 50, FULL),
            "words_only": FULL * (not matched),
            **_form_features(said),
        }
        return tuple(found[name] for name in FEATURES)

    def _matched(self, unit: int, clause: int) -> frozenset[str]:
        """The clause's concepts that the wording accounts for."""
        key = (unit, clause)
        if key not in self._meant:
            row_of, table = relations(self._rubric.vocabulary)
            wanted = [row_of[name] for name in self._rubric.concepts[unit]]
            self._meant[key] = frozenset(
                name
                for name in self._clauses[clause].concepts
                if any(table[row, row_of[name]] >= SHARED_ITEM for row in wanted)
            )
        return self._meant[key]

    def _is_off_topic(self, unit: int, said: Heard) -> bool:
        if said.entities or said.topic is None or not self._rubric.asks_attribute[unit]:
            return False
        wanted = self._rubric.concepts[unit]
        row_of, table = relations(self._rubric.vocabulary)
        topic = row_of[said.topic]
        near = (row_of[name] for name in self._rubric.subjects | wanted)
        return "symptom" not in wanted and not any(table[row, topic] or table[topic, row] for row in near)


def _form_features(said: Heard) -> dict[str, int]:
    forms = said.clause.forms
    return {
        "marked": FULL * (Form.MARKED in forms),
        "asks": FULL * (Form.ASKS in forms),
        "lists": FULL * (Form.LISTS in forms),
        "plans": FULL * (Form.PLANS in forms),
        "confirms": FULL * (Form.CONFIRMS in forms),
        "statement": FULL * (not said.clause.is_question),
        "echo": FULL * said.echo,
    }
