"""Clauses that may ask a question, each with the features that the decision weighs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.domain.matching.clauses import Form
from scoring.domain.matching.conversation import QUESTION, Heard
from scoring.domain.matching.questions import Unit
from scoring.domain.matching.rubric import Integers, Rubric
from scoring.domain.matching.strengths import item_strengths, relation
from scoring.domain.matching.vocabulary import Kind, clinical_vocabulary

FULL = 1000
NEAREST = 300  # coverage in thousandths below which a clause is no candidate
COVERED = 880  # from which a wording counts as wholly covered
SHARED_ITEM = 450  # strength from which a concept of the clause is what the wording means
MUCH_MORE = 15_000  # by which a rival explains more: a quarter of a concept
LISTED_EARLY = 6  # words within which “or” joins the patient to the family (“do you or your parents …”)

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
    "rival",  # how much of the clause another question explains that covers the same words
    "dominated",  # such a rival explains clearly more
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
    return _Scan(rubric, clauses).candidates()


class _Scan:
    def __init__(self, rubric: Rubric, clauses: Sequence[Heard]) -> None:
        self._rubric = rubric
        self._clauses = clauses
        self._gained = (rubric.weights @ item_strengths(rubric, clauses)).astype(np.int64)
        self._coverage = self._gained // rubric.totals[:, None]
        spoken = np.array([max(said.weight, 1) for said in clauses], dtype=np.int64)
        self._explained = np.minimum(self._gained // spoken[None, :], FULL)

    def candidates(self) -> list[Candidate]:
        best = self._best_units()
        by_clause: dict[int, list[tuple[int, int]]] = {}
        for (question, clause), unit in best.items():
            by_clause.setdefault(clause, []).append((question, unit))
        return [
            Candidate(question, clause, unit, self._features(unit, clause, by_clause[clause]))
            for (question, clause), unit in sorted(best.items())
        ]

    def _best_units(self) -> dict[tuple[int, int], int]:
        """The wording of each question that fits each clause best: most covered, then most explained, then first."""
        rank = self._coverage * 4 + self._explained
        best: dict[tuple[int, int], int] = {}
        for unit, clause in np.argwhere(self._coverage >= NEAREST).tolist():
            if not self._is_about_another(unit, clause):
                key = (int(self._rubric.question_of[unit]), clause)
                if key not in best or rank[unit, clause] > rank[best[key], clause]:
                    best[key] = unit
        return best

    def _is_about_another(self, unit: int, clause: int) -> bool:
        """Another person, or another symptom than the one whose attribute is wanted."""
        said, wanted = self._clauses[clause], self._rubric.units[unit]
        if said.family and not self._rubric.about_family[unit] and not _may_be_shared(wanted, said):
            return True
        if not (self._rubric.asks_attribute[unit] and self._rubric.subjects and said.entities):
            return False
        return Form.CONFIRMS not in said.clause.form and not self._is_on_subject(wanted, said.entities)

    def _is_on_subject(self, wanted: Unit, entities: Iterable[str]) -> bool:
        concepts = _concepts(wanted)
        if "symptom" in concepts:
            return True
        related = self._rubric.subjects | concepts
        return any(relation(s, e) or relation(e, s) for e in entities for s in related)

    def _features(self, unit: int, clause: int, others: Sequence[tuple[int, int]]) -> tuple[int, ...]:
        said, wanted = self._clauses[clause], self._rubric.units[unit]
        question = int(self._rubric.question_of[unit])
        matched = _matched(wanted, said)
        rivals = [
            u for q, u in others
            if q != question and self._coverage[u, clause] >= COVERED and matched & _matched(self._rubric.units[u], said)
        ]  # fmt: skip
        mine = int(self._gained[unit, clause])
        coverage = int(self._coverage[unit, clause])
        found = {
            "coverage": coverage,
            "full": FULL * (coverage >= COVERED),
            "explained": int(self._explained[unit, clause]),
            "wordings": min(self._wordings(question, clause), 4) * 250,
            "other_topic": FULL * self._is_off_topic(unit, said),
            "rival": max((int(self._explained[u, clause]) for u in rivals), default=0),
            "dominated": FULL * any(int(self._gained[u, clause]) > mine + MUCH_MORE for u in rivals),
            "long": min(len(said.words) * 50, FULL),
            "words_only": FULL * (not matched),
            **_form_features(said),
        }
        return tuple(found[name] for name in FEATURES)

    def _wordings(self, question: int, clause: int) -> int:
        return int((self._coverage[self._rubric.question_of == question, clause] >= COVERED).sum())

    def _is_off_topic(self, unit: int, said: Heard) -> bool:
        if said.entities or said.topic is None or not self._rubric.asks_attribute[unit]:
            return False
        return not self._is_on_subject(self._rubric.units[unit], [said.topic])


def _form_features(said: Heard) -> dict[str, int]:
    form = said.clause.form
    named = {
        "marked": Form.MARKED, "asks": Form.ASKS, "lists": Form.LISTS, "plans": Form.PLANS, "confirms": Form.CONFIRMS,
    }  # fmt: skip
    found = {name: FULL * (flag in form) for name, flag in named.items()}
    return {**found, "statement": FULL * (not form & QUESTION), "echo": FULL * said.echo}


def _concepts(unit: Unit) -> frozenset[str]:
    return frozenset(concept for item, _ in unit.items for concept in item.concepts)


def _matched(unit: Unit, said: Heard) -> frozenset[str]:
    """The clause's concepts that the wording accounts for."""
    wanted = _concepts(unit)
    return frozenset(s for s in said.concepts if any(relation(w, s) >= SHARED_ITEM for w in wanted))


def _may_be_shared(unit: Unit, said: Heard) -> bool:
    """A relative's stroke is not the patient's, but a clause on the family may earn what is asked about the home."""
    return "or" in said.clause.words[:LISTED_EARLY] or any(_is_domestic(concept) for concept in _concepts(unit))


def _is_domestic(concept: str) -> bool:
    vocabulary = clinical_vocabulary()
    medical = "@past medical history" in {concept, *vocabulary.ancestors(concept)}
    return vocabulary.concepts[concept].kind is Kind.HISTORY and not medical
