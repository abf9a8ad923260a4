"""The clinical vocabulary: which wordings mean the same thing, and which things are kinds of others.

Read from data/vocabulary/*.txt. A heading `[kind: title]` opens a section; an entry is

    name < broader, broader: form | form | form

A form is a sequence of words. `a/b` allows either word, `*` allows up to three words in between and `**` up to eight.
A form written without a gap hides the shorter ones inside it (“blood pressure” is no blood), and `!` makes a form with
a gap do so too. The entry's name is itself a form unless it begins with `@`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from scoring.domain.matching.resources import DATA, MatcherDataError, read_lines
from scoring.domain.matching.tokens import stem

GAPS = {"*": 3, "**": 8}  # most words that a gap skips
REMEMBERED = 8192  # clauses whose reading is kept: students ask much the same things in the same words
_HEADING = re.compile(r"\[(\w+): [^\]]+\]")


class Kind(StrEnum):
    ATTRIBUTE = "attribute"  # of one symptom: when it began, where it is
    MODIFIER = "modifier"  # what makes it worse, what goes with it
    ASIDE = "aside"  # beside the symptom: whether it was there before, what the patient fears
    SIGN = "sign"  # a finding that needs a place to mean anything: pain, swelling, blood
    FINDING = "finding"
    CONDITION = "condition"
    MEDICINE = "medicine"
    HISTORY = "history"
    CIRCUMSTANCE = "circumstance"  # what makes it so: posture, food, the time of day
    PERSON = "person"
    SITE = "site"
    GENERAL = "general"


ASPECTS = frozenset([Kind.ATTRIBUTE, Kind.MODIFIER, Kind.ASIDE])
ENTITIES = frozenset([Kind.SIGN, Kind.FINDING, Kind.CONDITION, Kind.MEDICINE, Kind.HISTORY])


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing that can be asked about; `broader` are the names of what it is a kind of."""

    name: str
    kind: Kind
    broader: tuple[str, ...]


class Hit(NamedTuple):
    """A wording of `concept`: the places of its words, ascending, words skipped by a gap left out."""

    concept: str
    places: tuple[int, ...]

    @property
    def start(self) -> int:
        return self.places[0]

    @property
    def end(self) -> int:
        return self.places[-1] + 1

    def overlaps(self, other: Hit) -> bool:
        if self.places[-1] < other.places[0] or other.places[-1] < self.places[0]:
            return False
        return not set(self.places).isdisjoint(other.places)


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    gaps: dict[int, _Node] = field(default_factory=dict)
    concepts: list[tuple[str, bool]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    concept: Concept
    forms: tuple[str, ...]


class Vocabulary:
    """Finds concepts in stems. `base`: a vocabulary that knows everything else, shared and left as it is."""

    def __init__(self, entries: Iterable[Entry], base: Vocabulary | None = None) -> None:
        self.concepts: dict[str, Concept] = {} if base is None else dict(base.concepts)
        self._root = _Node()
        self._base = base
        self._found = lru_cache(maxsize=REMEMBERED)(self._find)
        for entry in entries:
            self._add(entry)
        unknown = {b for c in self.concepts.values() for b in c.broader} - self.concepts.keys()
        if unknown:
            raise MatcherDataError(f"Broader terms without an entry of their own: {', '.join(sorted(unknown))}.")

    def ancestors(self, name: str) -> tuple[str, ...]:
        """Everything the concept is a kind of, nearest first."""
        found: list[str] = []
        queue = list(self.concepts[name].broader)
        while queue:
            nearest = queue.pop(0)
            if nearest not in found:
                found.append(nearest)
                queue.extend(self.concepts[nearest].broader)
        return tuple(found)

    def hits(self, stems: Sequence[str], starts: int | None = None) -> tuple[Hit, ...]:
        """Concepts worded in the stems, in reading order; a hit inside a closed wording is hidden.

        starts: only wordings that begin within so many of the first stems.
        """
        return self._found(tuple(stems), len(stems) if starts is None else starts)

    def _find(self, stems: tuple[str, ...], starts: int) -> tuple[Hit, ...]:
        found = self._worded(stems, starts)
        closed = [hit for hit, hides in found if hides and len(hit.places) > 1]
        kept = {hit for hit, _ in found if not any(_inside(hit, other) for other in closed)}
        return tuple(sorted(kept, key=_place))

    def _worded(self, stems: tuple[str, ...], starts: int) -> list[tuple[Hit, bool]]:
        """Every wording that is there; the flag tells that one hides those inside it."""
        found = [] if self._base is None else self._base._worded(stems, starts)  # noqa: SLF001 - of the same class
        first = self._root.children
        for start in range(starts):
            node = first.get(stems[start])
            if node is not None:
                _collect(node, stems, start, found)
        return found

    def _add(self, entry: Entry) -> None:
        name = entry.concept.name
        known = self.concepts.get(name)
        if known is None:
            self.concepts[name] = entry.concept
        for form in entry.forms:
            self._add_form(name, form)

    def _add_form(self, name: str, form: str) -> None:
        slots = [slot.split("/") for slot in form.removeprefix("!").split()]
        hides = form.startswith("!") or (len(slots) > 1 and not any(slot[0] in GAPS for slot in slots))
        for words in product(*slots):
            node = self._root
            for word in words:
                node = _step(node, word)
            if (name, hides) not in node.concepts:
                node.concepts.append((name, hides))


def _place(hit: Hit) -> tuple[tuple[int, ...], str]:
    return hit.places, hit.concept


def _collect(first: _Node, stems: Sequence[str], start: int, found: list[tuple[Hit, bool]]) -> None:
    """Add the wordings that begin at `start`, whose first word leads to `first`; the flag tells that one is closed."""
    count = len(stems)
    waiting: list[tuple[_Node, tuple[int, ...]]] = [(first, (start,))]
    for node, places in waiting:  # grows while it is walked
        if node.concepts:
            found.extend((Hit(concept, places), hides) for concept, hides in node.concepts)
        position = places[-1] + 1
        if position == count:
            continue
        child = node.children.get(stems[position])
        if child is not None:
            waiting.append((child, (*places, position)))
        for widest, after in node.gaps.items():
            children = after.children
            for landing, stem_there in enumerate(stems[position : position + widest + 1], position):
                if stem_there in children:
                    waiting.append((children[stem_there], (*places, landing)))


def _step(node: _Node, word: str) -> _Node:
    if word in GAPS:
        return node.gaps.setdefault(GAPS[word], _Node())
    return node.children.setdefault(stem(word), _Node())


def _inside(hit: Hit, other: Hit) -> bool:
    inner, outer = hit.places, other.places
    if len(inner) >= len(outer) or inner[0] < outer[0] or inner[-1] > outer[-1]:
        return False
    return hit.concept != other.concept and set(inner) < set(outer)


def parse_entries(lines: Iterable[tuple[int, str]], name: str) -> Iterator[Entry]:
    kind: Kind | None = None
    for number, line in lines:
        heading = _HEADING.fullmatch(line)
        if heading:
            kind = Kind(heading.group(1))
        elif kind is None:
            raise MatcherDataError(f"{name}, line {number}: an entry before the first [kind: title] heading.")
        else:
            yield _entry(line, kind)


def _entry(line: str, kind: Kind) -> Entry:
    head, _, body = line.partition(":")
    title, _, broader = head.partition("<")
    name = title.strip()
    forms = [form.strip() for form in body.split("|") if form.strip()]
    if not name.startswith("@"):
        forms.insert(0, name)
    parents = tuple(parent.strip() for parent in broader.split(",") if parent.strip())
    return Entry(Concept(name, kind, parents), tuple(_plain(form) for form in forms))


def _plain(form: str) -> str:
    """A form as the tokenizer would see it: hyphens and commas separate words."""
    return re.sub(r"[-,]", " ", form.lower())


@lru_cache(maxsize=1)
def clinical_vocabulary() -> Vocabulary:
    """The vocabulary that ships with the engine. Raises MatcherDataError that names the faulty line."""
    names = sorted(path.name for path in (DATA / "vocabulary").glob("*.txt"))
    if not names:
        raise MatcherDataError("The clinical vocabulary is missing. Reinstall the package.")
    return Vocabulary(e for name in names for e in parse_entries(read_lines(f"vocabulary/{name}"), name))
