"""Fit the matcher's weights and its confidence table on annotated interviews; writes data/decision.json.

    python deploy/model/fit_decision.py --gold DIR

DIR holds transcripts/, labels/ and rubrics/ (the format of `manage.py evaluate --gold`). Floats are fine here: what is
committed are the rounded integers. The fit is a ridge logistic regression over one clause per question: the clause
that scores best among the annotated turns of an asked question, the best few of a question that was not asked.
Because the best clause depends on the weights, choosing and fitting are repeated a few times.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scoring.domain.matching.candidates import FEATURES, Candidate, candidates
from scoring.domain.matching.clauses import student_clauses
from scoring.domain.matching.conversation import heard_in_context
from scoring.domain.matching.model import Question
from scoring.domain.matching.rubric import compiled
from scoring.domain.matching.vocabulary import clinical_vocabulary
from scoring.domain.transcript.model import Speaker, Utterance

OUTPUT = Path(__file__).parents[2] / "scoring/domain/matching/data/decision.json"
ROUNDS, FOLDS, NEAREST_MISSES = 5, 8, 3
RIDGE = 10.0
DISTRACTOR_WEIGHT = 0.15  # of a good clause in a turn that the annotators did not name: they name some, not all
TABLE = (-600, -450, -350, -250, -200, -150, -100, -50, 0, 50, 100, 150, 200, 250, 350, 450, 600)
NO_CANDIDATE = -9.0
TURN = re.compile(r"(?:\[[\d:]+\]\s*)?(D|P|Doctor|Patient)\s*:\s*(.*)")

Floats = NDArray[np.float64]
Model = tuple[Floats, float]


@dataclass(frozen=True)
class Item:
    """One annotated question of one interview, with the candidates that the matcher sees."""

    interview: str
    rubric: str
    question: Question
    asked: bool
    sure: bool
    turns: frozenset[int]
    candidates: tuple[Candidate, ...]
    turn_of: tuple[int, ...]
    features: Floats  # candidates × features, full strength = 1


def read_rubric(path: Path) -> tuple[Question, ...]:
    return tuple(
        Question(q["id"], f"#Q.{q['id']}", q["label"], tuple(q["phrases"]), q["critical"])
        for q in json.loads(path.read_text("utf-8"))["key_questions"]
    )


def read_transcript(path: Path) -> tuple[Utterance, ...]:
    lines = [line for line in path.read_text("utf-8").split("\n") if line.strip()]
    return tuple(_utterance(turn, line) for turn, line in enumerate(lines, start=1))


def _utterance(turn: int, line: str) -> Utterance:
    found = TURN.match(line)
    if found is None:
        return Utterance(turn, Speaker.PATIENT, line)
    return Utterance(turn, Speaker.STUDENT if found[1][0] == "D" else Speaker.PATIENT, found[2])


def read_items(gold: Path) -> list[Item]:
    rubrics = {path.stem: read_rubric(path) for path in sorted((gold / "rubrics").glob("*.json"))}
    found: list[Item] = []
    for path in sorted((gold / "labels").glob("*.json")):
        label = json.loads(path.read_text("utf-8"))
        utterances = read_transcript(gold / "transcripts" / f"{label['id']}.txt")
        found.extend(_items(label, rubrics[label["rubric"]], utterances))
    return found


def _items(label: dict, questions: tuple[Question, ...], utterances: tuple[Utterance, ...]) -> list[Item]:  # type: ignore[type-arg]
    said = heard_in_context(student_clauses(utterances), utterances, clinical_vocabulary())
    near = candidates(compiled(questions, clinical_vocabulary()), said)
    found = []
    for number, question in enumerate(questions):
        mark = label["questions"][question.id]
        if mark["asked"] is None:
            continue
        own = tuple(c for c in near if c.question == number)
        turns = tuple(utterances[said[c.clause].clause.index].turn for c in own)
        features = np.array([c.features for c in own], dtype=np.float64).reshape(len(own), len(FEATURES)) / 1000
        found.append(
            Item(label["id"], label["rubric"], question, mark["asked"], mark["sure"], frozenset(mark["evidence"]),
                 own, turns, features)
        )  # fmt: skip
    return found


def fit(items: Sequence[Item]) -> Model:
    weights, bias = _first_guess(), 0.0
    for _ in range(ROUNDS):
        rows, asked, importance = _training_rows(items, weights, bias)
        weights, bias = logistic_regression(rows, asked, importance)
    return weights, bias


def _first_guess() -> Floats:
    return np.array([{"coverage": 3.0, "explained": 1.0}.get(name, 0.0) for name in FEATURES])


def _training_rows(items: Sequence[Item], weights: Floats, bias: float) -> tuple[Floats, Floats, Floats]:
    rows, asked, importance = [], [], []
    for item in items:
        order = np.argsort(-(item.features @ weights + bias), kind="stable")
        inside = [i for i in order if item.turn_of[i] in item.turns]
        outside = [i for i in order if item.turn_of[i] not in item.turns][:NEAREST_MISSES]
        if item.asked and inside:
            rows.append(item.features[inside[0]])
            asked.append(1.0)
            importance.append(1.0)
        for i in outside:
            rows.append(item.features[i])
            asked.append(0.0)
            importance.append(DISTRACTOR_WEIGHT if item.asked else 1.0)
    return np.array(rows), np.array(asked), np.array(importance)


def logistic_regression(x: Floats, y: Floats, importance: Floats, ridge: float = RIDGE) -> Model:
    """Weights and bias that maximise the penalised likelihood (Newton's method; the bias is not penalised)."""
    design = np.hstack([x, np.ones((len(x), 1))])
    penalty = np.diag([ridge] * x.shape[1] + [1e-6])
    solution = np.zeros(design.shape[1])
    for _ in range(30):
        probability = 1 / (1 + np.exp(-(design @ solution)))
        curvature = design.T @ (design * (importance * probability * (1 - probability))[:, None]) + penalty
        gradient = design.T @ (importance * (y - probability)) - penalty @ solution
        solution = solution + np.linalg.solve(curvature, gradient)
    return solution[:-1], float(solution[-1])


def best_scores(items: Sequence[Item], model: Model) -> Floats:
    weights, bias = model
    return np.array([(i.features @ weights + bias).max() if len(i.candidates) else NO_CANDIDATE for i in items])


def cross_scores(items: Sequence[Item], group_of: Callable[[Item], str], groups: Sequence[set[str]]) -> Floats:
    """Each item's best score by a model that saw nothing of its group."""
    found = np.zeros(len(items))
    for group in groups:
        model = fit([item for item in items if group_of(item) not in group])
        held_out = [i for i, item in enumerate(items) if group_of(item) in group]
        found[held_out] = best_scores([items[i] for i in held_out], model)
    return found


def interview_folds(items: Sequence[Item], seed: int = 1) -> list[set[str]]:
    names = sorted({item.interview for item in items})
    random.Random(seed).shuffle(names)  # noqa: S311
    return [set(names[start::FOLDS]) for start in range(FOLDS)]


def confidence_table(scores: Floats, asked: Floats) -> list[list[object]]:
    """Platt's calibration on held-out scores, read off at fixed scores (hundredths of a logit).

    Questions that nothing came near are left out: they are easy, and would bend the curve where it matters.
    """
    near = scores > NO_CANDIDATE
    (slope,), intercept = logistic_regression(scores[near, None], asked[near], np.ones(int(near.sum())), ridge=1e-6)
    return [[point, f"{1 / (1 + np.exp(-(slope * point / 100 + intercept))):.4f}"] for point in TABLE]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    items = read_items(arguments.gold)
    weights, bias = fit(items)
    held_out = cross_scores(items, lambda item: item.interview, interview_folds(items))
    stored = {
        "bias": round(100 * bias),
        "confidence": confidence_table(held_out, np.array([float(item.asked) for item in items])),
        "weights": {name: round(100 * float(w)) for name, w in zip(FEATURES, weights, strict=True)},
    }
    arguments.output.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    print(f"{arguments.output.name}: {len(items)} items, {len(FEATURES)} weights")  # noqa: T201


if __name__ == "__main__":
    main()
