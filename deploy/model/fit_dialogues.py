"""Fit the dialogue classifier of scoring/domain/segmentation on MTS-Dialog, or measure it.

    PYTHONPATH=. python deploy/model/fit_dialogues.py --mts DIR [--measure] [--out FILE]

Needs scikit-learn, in an environment of its own, like fit_sections.py. Fit the sections first: what sections the
turns look like is evidence here. `--measure` prints training to validation, and cross-validation over both, plain
and with snippets of similar notes kept in one fold (the set holds many near copies, which flatter a plain split).
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from section_corpora import Dialogue, read_dialogues
from section_report import agreement_report
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.preprocessing import normalize

from scoring.domain.segmentation.dialogue import UNIT, DialogueClass, dialogue_features, parse_dialogue_model
from scoring.domain.segmentation.model import default_model

HEADER = """\
# Weights of the dialogue classifier, by deploy/model/fit_dialogues.py: inverse document frequency, then one weight per
# class, in hundredths. Learnt from the training part of MTS-Dialog, Ben Abacha et al., EACL 2023, CC BY 4.0: single
# words and lexicon classes seen in at least {floor} dialogues; no sentence is kept. Classes: {classes}
"""
CLASSES = tuple(DialogueClass)
INVERSE_PENALTY = 20.0
FLOOR = 4
FOLDS = 5
SEEDS = (0, 1)
SIMILAR = 0.5
_OF_HEADER = {"GENHX": DialogueClass.HPI, "ROS": DialogueClass.ROS, "CC": DialogueClass.CC} | dict.fromkeys(
    ("FAM/SOCHX",), DialogueClass.SH_FH
)
_OF_HEADER |= dict.fromkeys(("ASSESSMENT", "PLAN", "DIAGNOSIS", "DISPOSITION", "EDCOURSE"), DialogueClass.PLAN)
_OF_HEADER |= dict.fromkeys(("EXAM", "IMAGING", "LABS", "PROCEDURES"), DialogueClass.EXAM)


def class_of(dialogue: Dialogue) -> DialogueClass:
    return _OF_HEADER.get(dialogue.header, DialogueClass.PMH)


def model_text(inputs: Sequence[list[str]], classes: Sequence[str]) -> str:
    """A logistic regression on binary features, weighted by rarity and scaled to unit length, as integers."""
    counts = Counter(name for names in inputs for name in names)
    kept = sorted(name for name, count in counts.items() if count >= FLOOR)
    rarity = np.array([np.log(len(inputs) / (1 + counts[name])) + 1 for name in kept])
    vectorizer = DictVectorizer().fit([dict.fromkeys(kept, 1)])
    matrix = vectorizer.transform([dict.fromkeys(names, 1) for names in inputs]).multiply(rarity)
    fitted = LogisticRegression(C=INVERSE_PENALTY, max_iter=300, tol=1e-3).fit(normalize(matrix), classes)
    order = [list(fitted.classes_).index(name) for name in CLASSES]
    weights = np.rint(fitted.coef_[order].T * rarity[:, None] * UNIT).astype(int)
    lines = ["\t".join(("bias", *map(str, np.rint(fitted.intercept_[order] * UNIT).astype(int))))]
    for name, rare, row in zip(kept, np.rint(rarity * UNIT).astype(int), weights, strict=True):
        lines.append("\t".join((name, str(rare), *map(str, row))))
    return HEADER.format(floor=FLOOR, classes=", ".join(CLASSES)) + "\n".join(lines) + "\n"


def predict(text: str, inputs: Sequence[list[str]]) -> list[str]:
    model = parse_dialogue_model(text)
    scores = [model.scores(names) for names in inputs]
    return [CLASSES[row.index(max(row))] for row in scores]


def cross_validated(inputs: list[list[str]], classes: list[str], groups: Sequence[int]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for seed in SEEDS:
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
        for learn, test in folds.split(inputs, classes, groups):
            text = model_text([inputs[i] for i in learn], [classes[i] for i in learn])
            said = predict(text, [inputs[i] for i in test])
            pairs.extend(zip((classes[i] for i in test), said, strict=True))
    return pairs


def similar_groups(dialogues: Sequence[Dialogue]) -> list[int]:
    """Dialogues whose notes have a cosine above SIMILAR, directly or through others, share a group."""
    vectors = TfidfVectorizer(sublinear_tf=True).fit_transform([dialogue.note for dialogue in dialogues])
    links = (vectors @ vectors.T).tocoo()
    group = list(range(len(dialogues)))
    for first, second, cosine in zip(links.row, links.col, links.data, strict=True):
        if first < second and cosine > SIMILAR and group[first] != group[second]:
            old, new = group[second], group[first]
            group = [new if number == old else number for number in group]
    return group


def measure(learn: list[Dialogue], test: list[Dialogue]) -> None:
    both = [*learn, *test]
    inputs = [dialogue_features(dialogue.utterances, default_model()) for dialogue in both]
    classes = [str(class_of(dialogue)) for dialogue in both]
    count = len(learn)
    validation = predict(model_text(inputs[:count], classes[:count]), inputs[count:])
    _show("training to validation", list(zip(classes[count:], validation, strict=True)))
    _show("cross-validation", cross_validated(inputs, classes, range(len(both))))
    _show("cross-validation, similar notes together", cross_validated(inputs, classes, similar_groups(both)))


def _show(title: str, pairs: Sequence[tuple[str, str]]) -> None:
    gold, said = zip(*pairs, strict=True)
    sys.stdout.write(f"{title}\n{agreement_report(gold, said, CLASSES)}\n\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mts", type=Path, required=True, help="folder with the MTS-Dialog sets")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--out", type=Path, help="the weights file to write, from the training set")
    arguments = parser.parse_args()
    learn = read_dialogues(arguments.mts / "MTS-Dialog-TrainingSet.csv")
    if arguments.measure:
        measure(learn, read_dialogues(arguments.mts / "MTS-Dialog-ValidationSet.csv"))
    if arguments.out:
        inputs = [dialogue_features(dialogue.utterances, default_model()) for dialogue in learn]
        content = model_text(inputs, [str(class_of(dialogue)) for dialogue in learn]).encode()
        arguments.out.write_bytes(content)
        sys.stdout.write(f'_SHA256 = "{hashlib.sha256(content).hexdigest()}"\n')


if __name__ == "__main__":
    main()
