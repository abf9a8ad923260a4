"""Clauses that may ask a question, each with the features that the decision weighs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scoring.domain.matching.clauses import Form
from scoring.domain.matching.features import Heard, Rubric, _strength, item_strengths
from scoring.domain.matching.questions import Unit
from scoring.domain.matching.vocabulary import Kind, clinical_vocabulary

NEAREST = 300  # coverage in thousandths below which a clause is no candidate
SURE_ITEM = 450
TOPIC_REACH = 8  # clauses


@dataclass(frozen=True, slots=True)
class Candidate:
    question: int
    clause: int
    unit: int
    features: tuple[int, ...]


FEATURES = (
    "coverage", "full", "explained", "weight", "wordings",
    "marked", "asks", "lists", "plans", "confirms", "statement",
    "other_entity", "other_topic", "other_family", "dominated", "rival", "long", "words_only",
)  # fmt: skip


def candidates(rubric: Rubric, clauses: Sequence[Heard]) -> list[Candidate]:
    """Every (question, clause) that is near enough, with its best wording, by question and then clause."""
    if not clauses or not rubric.units:
        return []
    clauses = _with_running_family(clauses)
    strengths = item_strengths(rubric, clauses)
    gained = (rubric.weights @ strengths).astype(np.int64)
    coverage = gained // rubric.totals[:, None]
    spoken = np.array([max(c.weight, 1) for c in clauses], dtype=np.int64)
    explained = np.minimum(gained // spoken[None, :], 1000)
    rank = coverage * 4 + explained
    topics = _topics(clauses)
    best: dict[tuple[int, int], int] = {}
    for unit, clause in np.argwhere(coverage >= NEAREST).tolist():
        key = (int(rubric.question_of[unit]), clause)
        if key not in best or rank[unit, clause] > rank[best[key], clause]:
            best[key] = unit
    best = {key: unit for key, unit in best.items() if not _of_a_relative(rubric.units[unit], clauses[key[1]])}
    found = []
    by_clause: dict[int, list[tuple[int, int]]] = {}
    for (question, clause), unit in best.items():
        by_clause.setdefault(clause, []).append((question, unit))
    for (question, clause), unit in sorted(best.items()):
        said = clauses[clause]
        wanted = rubric.units[unit]
        wordings = int((coverage[rubric.question_of == question, clause] >= 800).sum())
        matched = _matched(wanted, said)
        mine = int(gained[unit, clause])
        rivals = [(q, u) for q, u in by_clause[clause] if q != question]
        rival = max((int(explained[u, clause]) for q, u in rivals if coverage[u, clause] >= 800), default=0)
        dominated = any(
            int(gained[u, clause]) > mine + 15_000
            and coverage[u, clause] >= 700
            and matched
            and matched <= _matched(rubric.units[u], said)
            for q, u in rivals
        )
        form = said.clause.form
        question_like = bool(form & (Form.MARKED | Form.ASKS | Form.LISTS))
        attribute = bool(rubric.attributes[unit])
        related = rubric.subjects | {c for item, _ in wanted.items for c in item.concepts}
        other = attribute and bool(said.entities) and not any(_related(e, related) for e in said.entities)
        if other and rubric.subjects and Form.CONFIRMS not in form:
            continue
        topic = topics[clause]
        other_topic = attribute and not said.entities and topic is not None and not _related(topic, related)
        found.append(
            Candidate(
                question,
                clause,
                unit,
                (
                    int(coverage[unit, clause]),
                    1000 * bool(coverage[unit, clause] >= 880),
                    int(explained[unit, clause]),
                    min(int(rubric.totals[unit]) * 8, 1000),
                    min(wordings, 4) * 250,
                    1000 * (Form.MARKED in form),
                    1000 * (Form.ASKS in form),
                    1000 * (Form.LISTS in form),
                    1000 * (Form.PLANS in form),
                    1000 * (Form.CONFIRMS in form),
                    1000 * (not question_like),
                    1000 * other,
                    1000 * other_topic,
                    1000 * (said.family and not rubric.families[unit]),
                    1000 * dominated,
                    rival,
                    min(len(said.words) * 50, 1000),
                    1000 * (not matched),
                ),
            )
        )
    return found


def _matched(unit: Unit, said: Heard) -> frozenset[str]:
    return frozenset(
        s for s in said.concepts for item, _ in unit.items if any(_strength(c, s) >= SURE_ITEM for c in item.concepts)
    )


def _of_a_relative(unit: Unit, said: Heard) -> bool:
    """A relative's stroke is not the patient's: such a clause can earn only what is asked about the family or the home."""
    concepts = [c for item, _ in unit.items for c in item.concepts]
    if not said.family or "@family" in concepts or "or" in said.clause.words[:6]:
        return False
    return not any(_is_domestic(c) for c in concepts)


def _is_domestic(concept: str) -> bool:
    vocabulary = clinical_vocabulary()
    medical = concept == "@past medical history" or "@past medical history" in vocabulary.ancestors(concept)
    return vocabulary.concepts[concept].kind is Kind.HISTORY and not medical


def _related(entity: str, subjects: frozenset[str] | set[str]) -> bool:
    return any(_strength(s, entity) or _strength(entity, s) for s in subjects)


def _topics(clauses: Sequence[Heard]) -> list[str | None]:
    """For each clause the thing last asked about before it, if that was not long ago."""
    found: list[str | None] = []
    topic, age = None, 0
    for said in clauses:
        found.append(topic if age <= TOPIC_REACH else None)
        age += 1
        if said.entities and said.clause.form & (Form.MARKED | Form.ASKS | Form.LISTS):
            topic, age = sorted(said.entities)[-1], 0
    return found


def _with_running_family(clauses: Sequence[Heard]) -> list[Heard]:
    """“Any heart disease?” after “And in your family?” is still about the family."""
    found: list[Heard] = []
    running = -10
    for said in clauses:
        turn = said.clause.index
        you = not {"you", "your"}.isdisjoint(said.clause.words)
        if said.family:
            running = turn
        elif 0 < turn - running <= 2 and Form.LISTS in said.clause.form and not you and said.entities:
            said = replace(said, family=True, concepts=said.concepts | {"@family"})
            running = turn
        found.append(said)
    return found
