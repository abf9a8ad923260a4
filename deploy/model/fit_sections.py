"""Fit the section model of scoring/domain/segmentation, or measure it by cross-validation over interviews.

    PYTHONPATH=. python deploy/model/fit_sections.py --osce DIR [--folds 8 | --out FILE]

Needs scikit-learn, which the product does not: run it in an environment of its own. The result is plain integers;
the product checks the file's SHA-256, which this script prints, against `_SHA256` in model.py. Sources and licences
are in `HEADER` below and in docs/algorithms/segmentation.md.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from section_corpora import Encounter, LabelledTurn, examples, interviews
from section_report import agreement_report
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from scoring.domain.segmentation.features import SIGNPOST
from scoring.domain.segmentation.labelling import label_with
from scoring.domain.segmentation.model import FILLER, SectionModel, parse_model
from scoring.domain.segmentation.section import Section

HEADER = """\
# Weights of the section model: hundredths of a logit per feature and section. Made by deploy/model/fit_sections.py.
# Learnt from (single words, word pairs and lexicon classes seen in at least {floor} turns; no sentence is kept):
#   Fareez et al., "A dataset of simulated patient-physician medical interviews with a focus on respiratory cases",
#   Scientific Data 2022, doi 10.1038/s41597-022-01423-1, CC BY 4.0;
#   PriMock57, Papadopoulos Korfiatis et al., ACL 2022, CC BY 4.0; and examples written for this project.
"""
LABELS = (*Section, FILLER)
UNIT = 100
INVERSE_PENALTY = 0.5
MOVE_WEIGHT = 0.25
MOVE_PRIOR = 1.0
FLOOR = 3
SIGNPOST_SCALE = 4
EXAMPLES = Path(__file__).with_name("section_examples.tsv")


def known_turns(encounters: Sequence[Encounter]) -> list[LabelledTurn]:
    return [turn for encounter in encounters for turn in encounter.turns if turn.allowed]


def fit_weights(turns: Sequence[LabelledTurn]) -> tuple[list[str], np.ndarray]:
    """Features and their weights (features x LABELS): once on certain labels, again with the rest filled in."""
    certain = [turn for turn in turns if len(turn.allowed) == 1]
    counts = Counter(name for turn in turns for name in turn.features)
    names = sorted(name for name, count in counts.items() if count >= FLOOR)
    first = _logistic(certain, [turn.allowed[0] for turn in certain], names)
    rows = {name: row for row, name in enumerate(names)}
    return names, _logistic(turns, [_best_allowed(turn, rows, first) for turn in turns], names)


def _best_allowed(turn: LabelledTurn, rows: dict[str, int], weights: np.ndarray) -> str:
    scores = weights[[rows[name] for name in turn.features if name in rows]].sum(axis=0)
    return max(turn.allowed, key=lambda label: scores[LABELS.index(label)])


def _logistic(turns: Sequence[LabelledTurn], labels: Sequence[str], names: list[str]) -> np.ndarray:
    vectorizer = DictVectorizer().fit([dict.fromkeys(names, 1)])
    inputs = vectorizer.transform([{name: _scale(name) for name in turn.features} for turn in turns])
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=300, tol=1e-3, fit_intercept=False)
    model.fit(inputs, labels, sample_weight=[turn.weight for turn in turns])
    weights = np.zeros((len(names), len(LABELS)))
    for column, label in enumerate(model.classes_):
        weights[:, LABELS.index(label)] = model.coef_[column] * [_scale(name) for name in names]
    return weights


def _scale(name: str) -> int:
    """A signpost is penalised less than a word: what is announced outweighs what is mentioned."""
    return SIGNPOST_SCALE if name.startswith(SIGNPOST) else 1


def fit_moves(encounters: Sequence[Encounter]) -> np.ndarray:
    """Log-probability of each section after another (last row: as the first), from ordered encounters."""
    count = len(Section)
    seen = np.full((count + 1, count), MOVE_PRIOR)
    for encounter in encounters:
        before: int | None = count
        for turn in encounter.turns if encounter.ordered else ():
            label = turn.allowed[0] if turn.allowed else None
            now = LABELS.index(label) if label else None
            if now is not None and now < count:
                if before is not None:
                    seen[before, now] += 1
                before = now
            elif now is None:
                before = None
    return MOVE_WEIGHT * np.log(seen / seen.sum(axis=1, keepdims=True))


def model_text(encounters: Sequence[Encounter]) -> str:
    names, weights = fit_weights(known_turns(encounters))
    moves = np.rint(fit_moves(encounters) * UNIT).astype(int)
    rounded = np.rint(weights * UNIT).astype(int)
    lines = ["labels\t" + "\t".join(LABELS)]
    lines += _rows([f"move:{section}" for section in (*Section, "")], moves)
    lines += _rows([name for name, row in zip(names, rounded, strict=True) if row.any()], rounded[rounded.any(axis=1)])
    return HEADER.format(floor=FLOOR) + "\n".join(lines) + "\n"


def _rows(names: Sequence[str], values: np.ndarray) -> list[str]:
    return ["\t".join((name, *map(str, row))) for name, row in zip(names, values, strict=True)]


def cross_validate(osce: list[Encounter], own: list[Encounter], folds: int) -> None:
    order = np.random.RandomState(0).permutation(len(osce))
    gold: list[str] = []
    predicted: list[str] = []
    for fold in range(folds):
        held = {int(index) for index in order[fold::folds]}
        model = parse_model(model_text([*(e for i, e in enumerate(osce) if i not in held), *own]))
        for index in sorted(held):
            for truth, label in _judged(osce[index], model):
                gold.append(truth)
                predicted.append(label)
    sys.stdout.write(f"{agreement_report(gold, predicted)}\n")


def _judged(encounter: Encounter, model: SectionModel) -> list[tuple[str, str]]:
    labels = label_with(encounter.utterances, model)
    return [(truth, str(label)) for truth, label in zip(encounter.gold, labels, strict=True) if truth]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--osce", type=Path, required=True, help="folder with labels/ and transcripts/")
    parser.add_argument("--folds", type=int, help="measure by cross-validation over interviews instead of writing")
    parser.add_argument("--out", type=Path, help="the weights file to write")
    arguments = parser.parse_args()
    osce = interviews(arguments.osce)
    own = examples(EXAMPLES)
    if arguments.folds:
        cross_validate(osce, own, arguments.folds)
    if arguments.out:
        content = model_text([*osce, *own]).encode()
        arguments.out.write_bytes(content)
        sys.stdout.write(f'_SHA256 = "{hashlib.sha256(content).hexdigest()}"\n')


if __name__ == "__main__":
    main()
