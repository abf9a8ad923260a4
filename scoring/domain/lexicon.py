"""Phrases of a readable data file, found in a text word by word.

A file holds `[table]` headings and lines `name: phrase | phrase | …`; the name itself is not a phrase. In a phrase,
`a/b` offers a choice, `_` joins the words of one choice, and a trailing `?` makes the slot optional:
`that_is/that's very? hard` is four phrases.
`#` opens a comment line. Case, plural endings, hyphens and the British or American spelling of Greek and Latin words
make no difference, in the file and in the text alike.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

from scoring.domain.segmentation.words import stem

DATA = Path(__file__).parent / "data"

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'"})
_HEADING = re.compile(r"\[(?P<table>[^\]]+)\]")
_GREEK = re.compile(r"[ao]e")
_SHORTEST_GREEK = 5
_SHORTEST_OUR = 6
_HESITATIONS = frozenset({"um", "umm", "uh", "uhm", "erm", "hmm", "mm"})
_REMEMBERED = 1 << 15
_VERBS = frozenset({"rules", "excludes"})


class LexiconError(RuntimeError):
    """A data file of the engine is missing or damaged; the text names the file and line."""


class Token(NamedTuple):
    """A word as it is compared, and where it stands: text[start:end]."""

    word: str
    start: int
    end: int


@lru_cache(maxsize=_REMEMBERED)
def fold(word: str) -> str:
    """The word as it is compared.

    >>> fold("Oedema"), fold("edema"), fold("tumours"), fold("tumor"), fold("toes")
    ('edema', 'edema', 'tumor', 'tumor', 'toe')
    """
    plain = word.translate(_APOSTROPHES).lower()
    # “A normal ECG rules out …” is a result, “to rule out …” an intention: their endings matter.
    folded = plain if plain in _VERBS else stem(plain)
    if len(folded) >= _SHORTEST_GREEK:
        folded = _GREEK.sub("e", folded)
    if len(folded) >= _SHORTEST_OUR and folded.endswith("our"):
        folded = f"{folded[:-3]}or"
    return folded


def tokens_of(text: str) -> tuple[Token, ...]:
    """The words of the text but for hesitations, which stand between the words of many a spoken phrase."""
    made = tuple.__new__
    return tuple(
        # Token(…) itself would take twice as long, and every word of an interview comes by here.
        made(Token, (word, *match.span()))
        for match in _WORD.finditer(text)
        if (word := fold(match[0])) not in _HESITATIONS
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a table: what its phrases stand for."""

    table: str
    name: str


class Hit(NamedTuple):
    """A phrase found: tokens[first:last] (last excluded)."""

    entry: Entry
    first: int
    last: int


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    entry: Entry | None = None


class Lexicon:
    """A trie over words: looking up costs the length of the longest phrase, however many phrases there are."""

    def __init__(self, phrases: Iterable[tuple[Sequence[str], Entry]]) -> None:
        self._root = _Node()
        for words, entry in phrases:
            self._add(words, entry)

    def _add(self, words: Sequence[str], entry: Entry) -> None:
        node = self._root
        for word in words:
            node = node.children.setdefault(fold(word), _Node())
        if node.entry is not None and node.entry != entry:
            raise LexiconError(f"“{' '.join(words)}” stands both for {node.entry} and for {entry}; keep one.")
        node.entry = entry

    @property
    def openings(self) -> Collection[str]:
        """The words that phrases begin with; asking `at` for each of the others is most of what a search costs."""
        return self._root.children

    def at(self, tokens: Sequence[Token], first: int) -> tuple[Hit, ...]:
        """Every phrase that begins at tokens[first], the longest first."""
        if tokens[first].word not in self._root.children:
            return ()
        hits = []
        node = self._root
        for last in range(first, len(tokens)):
            following = node.children.get(tokens[last][0])
            if following is None:
                break
            node = following
            if node.entry is not None:
                hits.append(Hit(node.entry, first, last + 1))
        return tuple(reversed(hits))

    def find(self, tokens: Sequence[Token]) -> tuple[Hit, ...]:
        """The leftmost, longest phrases; none overlaps another."""
        hits = []
        free_from = 0
        openings = self._root.children
        for position, (word, _, _) in enumerate(tokens):
            if word in openings and position >= free_from:
                longest = self.longest(tokens, position)
                if longest is not None:
                    hits.append(longest)
                    free_from = longest.last
        return tuple(hits)

    def longest(self, tokens: Sequence[Token], first: int) -> Hit | None:
        """The longest phrase that begins at tokens[first]."""
        found: Hit | None = None
        node = self._root
        for last in range(first, len(tokens)):
            following = node.children.get(tokens[last][0])
            if following is None:
                break
            node = following
            if node.entry is not None:
                found = Hit(node.entry, first, last + 1)
        return found


Tables = Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]
"""table → ((name, phrases), …), in the order of the file."""


def read_tables(name: str) -> Tables:
    """Raises LexiconError when the file is missing or a line is neither a heading nor a row."""
    tables: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    table = ""
    for number, line in _lines(name):
        heading = _HEADING.fullmatch(line)
        if heading is not None:
            table = heading["table"]
            tables.setdefault(table, [])
            continue
        entry, colon, phrases = line.partition(":")
        if not table or not colon:
            raise LexiconError(f"{name}:{number}: expected a [table] and a line “name: phrase | phrase”.")
        tables[table].append((entry.strip(), tuple(p.strip() for p in phrases.split("|") if p.strip())))
    return {title: tuple(rows) for title, rows in tables.items()}


def _lines(name: str) -> Iterator[tuple[int, str]]:
    try:
        text = (DATA / name).read_text(encoding="utf-8")
    except OSError as error:
        raise LexiconError(f"The data file {name} can't be read. Reinstall the package; grades need it.") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line.strip()


def spelled_out(phrase: str) -> Iterator[tuple[str, ...]]:
    """Every sequence of words that the phrase stands for.

    >>> list(spelled_out("it's/it_is so? hard"))
    [("it's", 'so', 'hard'), ("it's", 'hard'), ('it', 'is', 'so', 'hard'), ('it', 'is', 'hard')]
    """
    slots = [_choices(slot) for slot in phrase.replace("-", " ").split()]
    for chosen in product(*slots):
        yield tuple(word for choice in chosen for word in choice.split("_") if word)


def _choices(slot: str) -> tuple[str, ...]:
    optional = slot.endswith("?")
    words = tuple(slot.rstrip("?").split("/"))
    return (*words, "") if optional else words
