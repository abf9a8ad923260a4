"""The cue lexicon: which kinds of clinical talk a turn contains, found by longest match over stemmed words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from scoring.domain.segmentation.words import words_of

CUES = "cues.tsv"
SIGNPOSTS = "signposts.tsv"


class Cue(NamedTuple):
    """A lexicon phrase found at word `start` of a turn, and its class."""

    name: str
    start: int
    phrase: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CueLexicon:
    """Phrases by their first word, longest first."""

    by_first: dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]

    def find(self, words: tuple[str, ...]) -> tuple[Cue, ...]:
        """The longest phrase at each word, once per class it belongs to; phrases do not overlap.

        "chest pain" is the heart's and not also "pain": the longer phrase takes its words.
        """
        found: list[Cue] = []
        free = 0
        for position, word in enumerate(words):
            if position < free:
                continue
            for phrase, names in self.by_first.get(word, ()):
                end = position + len(phrase)
                if words[position:end] == phrase:
                    found += [Cue(name, position, phrase) for name in names]
                    free = end
                    break
        return tuple(found)


def parse_lexicon(text: str) -> CueLexicon:
    """Read `class<TAB>phrase, phrase…` lines; `#` starts a comment line."""
    classes: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, phrases = line.split("\t")
        for phrase in phrases.split(","):
            classes[words_of(phrase)].append(name)
    by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
    for words in sorted(classes, key=lambda words: (-len(words), words)):
        by_first[words[0]].append((words, tuple(dict.fromkeys(classes[words]))))
    return CueLexicon({first: tuple(entries) for first, entries in by_first.items()})


@cache
def lexicon(name: str) -> CueLexicon:
    """The released lexicon `CUES` or `SIGNPOSTS`."""
    return parse_lexicon(files(__package__).joinpath(name).read_text(encoding="utf-8"))
