"""The component scores as bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from feedback.presentation.groups import TITLES
from feedback.presentation.numbers import percent_text, score_text, two_places
from feedback.presentation.ribbon import svg_percent
from scoring.domain.result import ScoreEntry


@dataclass(frozen=True, slots=True)
class ScoreBar:
    """bar: the score as an SVG length. points: what it adds to the overall score, in percent of the whole."""

    name: str
    title: str
    score: str
    weight: str
    points: str
    bar: str


def score_bars(parts: Mapping[str, ScoreEntry]) -> tuple[ScoreBar, ...]:
    """parts: a result's breakdown, or that of a review."""
    return tuple(
        ScoreBar(
            name=name,
            title=TITLES[name],
            score=score_text(part.score),
            weight=percent_text(part.weight) if part.weight else "",
            points=two_places(part.contribution * 100),
            bar=svg_percent(Fraction(part.score)),
        )
        for name, part in ((name, parts[name]) for name in TITLES)
    )
