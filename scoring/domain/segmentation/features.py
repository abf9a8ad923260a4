"""What the section model may look at, as names of binary features; their weights are learnt offline.

Words and word pairs carry the question; cue classes carry general clinical vocabulary; the presenting complaint
tells a review of systems from a question about the complaint; place in the encounter tells an opening from a recap.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from scoring.domain.segmentation.turns import Turn, presenting_systems

SIGNPOST = "announce."
_START, _END = "<", ">"
_LENGTHS = (4, 9, 20, 40)
_FIFTHS = 5
_NEAR_START = 3
_NEAR_END = 4
_SIGNPOST_WORDS = 10


def encounter_features(turns: Sequence[Turn]) -> list[list[str]]:
    """The features of every leading turn, each named once."""
    presenting = presenting_systems(turns)
    return [
        [*turn_features(turn), *_place(index, len(turns)), *_systems(turn, presenting), *_before(turns, index)]
        for index, turn in enumerate(turns)
    ]


def turn_features(turn: Turn) -> list[str]:
    """What the turn shows by itself."""
    bounded = (_START, *turn.words, _END)
    named = dict.fromkeys(f"w:{word}" for word in turn.words)
    named.update(dict.fromkeys(f"b:{first}_{second}" for first, second in zip(bounded, bounded[1:], strict=False)))
    named.update(dict.fromkeys(f"c:{name}" for name in turn.cue_names))
    named.update(dict.fromkeys(_announced(turn)))
    return [*named, "asks" if turn.asks else "tells", f"length:{bisect_right(_LENGTHS, len(turn.words))}"]


def _announced(turn: Turn) -> Iterator[str]:
    """Signposts among the first words ("In summary, …"): they outweigh what the sentence goes on to mention."""
    for cue in turn.cues:
        if cue.start < _SIGNPOST_WORDS and cue.name.startswith(SIGNPOST):
            yield cue.name


def _place(index: int, count: int) -> tuple[str, str, str]:
    """Turns from the start, fifth of the encounter, turns to the end."""
    return (
        f"start:{min(index, _NEAR_START)}",
        f"fifth:{_FIFTHS * index // count}",
        f"end:{min(count - 1 - index, _NEAR_END)}",
    )


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


def _before(turns: Sequence[Turn], index: int) -> list[str]:
    """What the turn before asked about: a bare "how long?" inherits it."""
    return [f"before:{name}" for name in turns[index - 1].cue_names] if index else []
