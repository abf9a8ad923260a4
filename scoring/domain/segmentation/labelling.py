"""One section for every utterance, whoever speaks."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.domain.segmentation.chain import likeliest_sections
from scoring.domain.segmentation.features import encounter_features
from scoring.domain.segmentation.model import SectionModel, default_model
from scoring.domain.segmentation.section import Section
from scoring.domain.segmentation.turns import leading_indexes, leading_turns
from scoring.domain.transcript.model import Utterance


def label_sections(utterances: Sequence[Utterance]) -> tuple[Section | None, ...]:
    """The section of every utterance, in the order given.

    The student's turns decide; an answer takes the section of the question before it, a filler or greeting the
    running section. None means that nothing has begun yet: opening greetings, and everything in a transcript of
    greetings alone. Such turns are still part of the interview; do not drop them from matching or citation.
    """
    return label_with(utterances, default_model())


def label_with(utterances: Sequence[Utterance], model: SectionModel) -> tuple[Section | None, ...]:
    """`label_sections` by another model, for measuring one before it is released."""
    led = leading_indexes(utterances)
    turns = leading_turns(utterances, led)
    path = likeliest_sections(model.scores(encounter_features(turns)), model.moves)
    decided = dict(zip(led, path, strict=True))
    labels: list[Section | None] = []
    running: Section | None = None
    for index in range(len(utterances)):
        if index in decided:
            state = decided[index]
            running = None if state is None else model.sections[state]
        labels.append(running)
    return tuple(labels)
