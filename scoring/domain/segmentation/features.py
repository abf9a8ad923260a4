"""What the section model may look at, as names of binary features; their weights are learnt offline.

Words and word pairs carry the question; cue classes carry general clinical vocabulary; the presenting complaint
tells a review of systems from a question about the complaint; what has been said before tells a recap from news.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from scoring.domain.segmentation.turns import Turn, presenting_systems

SIGNPOST = "announce."
_START, _END = "<", ">"
_LENGTHS = (4, 9, 20, 40)
_LONG = 20
_MANY = 4
_FIFTHS = 5
_NEAR_START = 3
_NEAR_END = 4
_SIGNPOST_WORDS = 20


def encounter_features(turns: Sequence[Turn]) -> list[list[str]]:
    """The features of every leading turn, each named once."""
    presenting = presenting_systems(turns)
    heard: set[tuple[str, ...]] = set()
    named: list[list[str]] = []
    for index, turn in enumerate(turns):
        heard.update(turn.answered_findings)
        named.append(
            [
                *turn_features(turn),
                *place_features(index, len(turns)),
                *before_features(turns, index),
                *_systems(turn, presenting),
                *_recall(turn, heard),
            ]
        )
        heard.update(turn.findings)
    return named


def turn_features(turn: Turn) -> list[str]:
    """What the turn shows by itself."""
    named = dict.fromkeys(f"w:{word}" for word in turn.words)
    named.update(dict.fromkeys(f"b:{first}_{second}" for first, second in pairwise((_START, *turn.words, _END))))
    named.update(dict.fromkeys(f"c:{name}" for name in turn.cue_names))
    named.update(dict.fromkeys(_announced(turn)))
    return [*named, "asks" if turn.asks else "tells", f"length:{bisect_right(_LENGTHS, len(turn.words))}"]


def before_features(turns: Sequence[Turn], index: int) -> list[str]:
    """What the last two turns were about: a bare "how long?" inherits it."""
    named = [f"before:{name}" for name in turns[index - 1].cue_names] if index else []
    return named + ([f"earlier:{name}" for name in turns[index - 2].cue_names] if index > 1 else [])


def place_features(index: int, count: int) -> tuple[str, str, str]:
    """Turns from the start, fifth of the encounter, turns to the end."""
    return (
        f"start:{min(index, _NEAR_START)}",
        f"fifth:{_FIFTHS * index // count}",
        f"end:{min(count - 1 - index, _NEAR_END)}",
    )


def _announced(turn: Turn) -> Iterator[str]:
    """Signposts among the first words ("In summary, …"): they outweigh what the sentence goes on to mention."""
    for cue in turn.signposts:
        if cue.start < _SIGNPOST_WORDS:
            yield cue.name


def _systems(turn: Turn, presenting: tuple[str, ...]) -> Iterator[str]:
    """How the symptoms of the turn relate to the presenting complaint."""
    systems = turn.systems
    if not systems:
        return
    yield "systems:presenting" if set(systems) & set(presenting) else "systems:other"
    for system in systems:
        yield f"system:{system}:{'presenting' if system in presenting else 'other'}"
        for complaint in presenting:
            yield f"pair:{system}:{complaint}"


def _recall(turn: Turn, heard: set[tuple[str, ...]]) -> Iterator[str]:
    """How many findings the turn names, whether any is news, and how many a long turn repeats."""
    yield f"findings:{min(_MANY, len(turn.findings))}"
    if turn.findings:
        yield "repeats all" if turn.findings <= heard else "names news"
    if len(turn.words) >= _LONG:
        yield f"repeats:{min(_MANY, len(turn.findings & heard))}"
