"""Which kind of clinical talk a whole short dialogue is: one class for all of it, by an integer linear model.

A snippet is too short for a sequence model and mixes small talk with its one topic, so it has its own weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import isqrt

from scoring.domain.segmentation.cues import CUES, SIGNPOSTS, lexicon
from scoring.domain.segmentation.features import before_features, turn_features
from scoring.domain.segmentation.model import FILLER, SectionModel, default_model
from scoring.domain.segmentation.release import released_text, table_rows
from scoring.domain.segmentation.turns import leading_indexes, leading_turns
from scoring.domain.segmentation.words import words_of
from scoring.domain.transcript.model import Speaker, Utterance

UNIT = 100
_FILE = "dialogues.tsv"
_SHA256 = "b0d316c4be61e1a778afb917a5103bd9b95161927caad1a9bcab71f4767e2b58"
_TURNS = (2, 4, 6, 8, 12, 16, 24)
_WORDS = (20, 40, 80, 160, 320)
_REPEATS = (2, 4)


class DialogueClass(StrEnum):
    """The coarse note sections of MTS-Dialog; ties go to the class listed first.

    PMH also holds surgery, medications, allergies, immunisations and gynaecological history; PLAN holds assessment,
    diagnosis, disposition and course; EXAM holds imaging, laboratory results and procedures.
    """

    HPI = "HPI"
    CC = "CC"
    ROS = "ROS"
    PMH = "PMH"
    SH_FH = "SH/FH"
    PLAN = "PLAN"
    EXAM = "EXAM"


@dataclass(frozen=True, slots=True)
class DialogueModel:
    """bias: hundredths of a logit per class, for a dialogue whose features have unit length.

    features: per feature, first hundredths of its inverse document frequency, then hundredths of a logit per class.
    """

    bias: tuple[int, ...]
    features: dict[str, tuple[int, ...]]

    def scores(self, names: Sequence[str]) -> list[int]:
        """Scores that rank the classes, in the order of DialogueClass.

        A trained weight applies to features divided by their length; multiplying the bias by the length instead
        gives the same ranking without a fraction.
        """
        rows = [self.features[name] for name in names if name in self.features]
        length = isqrt(sum(row[0] ** 2 for row in rows))
        return [bias * length // UNIT + sum(row[column] for row in rows) for column, bias in enumerate(self.bias, 1)]


def classify_dialogue(utterances: Sequence[Utterance]) -> DialogueClass:
    """The likeliest class of the whole dialogue; HPI when it holds no known word.

    The clinician is the student, as everywhere; whoever else speaks counts as the patient's side.
    """
    return classify_with(utterances, default_dialogue_model())


def classify_with(utterances: Sequence[Utterance], model: DialogueModel) -> DialogueClass:
    """`classify_dialogue` by another model, for measuring one before it is released."""
    scores = model.scores(dialogue_features(utterances, default_model()))
    return tuple(DialogueClass)[scores.index(max(scores))]


def dialogue_features(utterances: Sequence[Utterance], sections: SectionModel) -> list[str]:
    """Words and cue classes by side, repeated cue classes, the sections its turns look like, and its length."""
    named: dict[str, None] = {}
    counts: Counter[str] = Counter()
    for utterance in utterances:
        words = words_of(utterance.text)
        side = "d" if utterance.speaker is Speaker.STUDENT else "p"
        cues = [cue.name for cue in lexicon(CUES).find(words)]
        counts.update(cues)
        named.update(dict.fromkeys(name for word in words for name in (f"w:{word}", f"{side}w:{word}")))
        named.update(dict.fromkeys(name for cue in cues for name in (f"c:{cue}", f"{side}c:{cue}")))
        named.update(dict.fromkeys(f"{side}s:{cue.name}" for cue in lexicon(SIGNPOSTS).find(words)))
    named.update(dict.fromkeys(_section_features(utterances, sections)))
    return [*named, *_repeats(counts), *_lengths(utterances)]


def _section_features(utterances: Sequence[Utterance], model: SectionModel) -> Iterator[str]:
    """Sections that single turns look like, and the commonest of them."""
    turns = leading_turns(utterances, leading_indexes(utterances))
    scored = model.scores([[*turn_features(turn), *before_features(turns, index)] for index, turn in enumerate(turns)])
    columns = [*model.sections, FILLER]
    counts = Counter(columns[int(scores.argmax())] for scores in scored)
    yield from (f"section:{name}" for name in counts)
    del counts[FILLER]
    yield from (f"mostly:{name}" for name in counts if counts[name] == max(counts.values()))


def _repeats(counts: Counter[str]) -> Iterator[str]:
    for bound in _REPEATS:
        yield from (f"n:{name}:{bound}" for name, count in counts.items() if count >= bound)


def _lengths(utterances: Sequence[Utterance]) -> Iterator[str]:
    yield from (f"turns:{bound}" for bound in _TURNS if len(utterances) >= bound)
    words = sum(len(utterance.text.split()) for utterance in utterances)
    yield from (f"words:{bound}" for bound in _WORDS if words >= bound)


def parse_dialogue_model(text: str) -> DialogueModel:
    """Read the weights file: `bias` line first, then one line per feature."""
    bias, *rows = table_rows(text)
    return DialogueModel(
        bias=tuple(map(int, bias[1:])),
        features={row[0]: tuple(map(int, row[1:])) for row in rows},
    )


@cache
def default_dialogue_model() -> DialogueModel:
    return parse_dialogue_model(released_text(_FILE, _SHA256))
