"""Clinical findings in a text, affirmed or negated (docs/algorithms/findings.md).

Negation scope follows the idea of NegEx: triggers before or after a finding, phrases that only look like triggers,
words that end a scope (Chapman et al., J Biomed Inform 2001;34:301–310). What is only considered, asked, planned or
somebody else's is neither affirmed nor negated, and is not reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from scoring.domain.lexicon import Entry, Hit, Lexicon, Tables, Token, fold, read_tables, spelled_out, tokens_of
from scoring.domain.negation import Context, Role, contexts_of

_FILE = "findings.txt"
_SCOPES = "scopes.txt"
_PLACES = "places"
_PLACED = "findings of a place"
_ABSENCE = "~"
_FINDING = "finding"
_LACKING = "lacking"
_IDIOMS = "no finding"
_MAX_BETWEEN = 4


_Phrase = tuple[tuple[str, ...], Entry]


class Polarity(StrEnum):
    AFFIRMED = "affirmed"
    NEGATED = "negated"


@dataclass(frozen=True, slots=True)
class Finding:
    """concept: one name for all synonyms (“dyspnoea” and “short of breath” are one). text[start:end] names it."""

    concept: str
    start: int
    end: int
    polarity: Polarity


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    lexicon: Lexicon
    placed: frozenset[str]
    between: frozenset[str]
    concepts: dict[tuple[str, ...], str]


def find_findings(text: str) -> tuple[Finding, ...]:
    """Every finding the text affirms or negates of the patient, in reading order. Time is linear in the text.

    >>> [(f.concept, f.polarity.value) for f in find_findings("Denies fever, but has a cough. Mother had a stroke.")]
    [('fever', 'negated'), ('cough', 'affirmed')]
    """
    return tuple(_findings(text))


def distinct_findings(text: str, polarity: Polarity) -> tuple[Finding, ...]:
    """The first finding of each concept; “pain” is dropped beside “chest pain”, which says the same more precisely."""
    first: dict[str, Finding] = {}
    for finding in find_findings(text):
        if finding.polarity is polarity:
            first.setdefault(finding.concept, finding)
    kept = specific_concepts(first)
    return tuple(finding for concept, finding in first.items() if concept in kept)


def specific_concepts(concepts: Iterable[str]) -> frozenset[str]:
    """Without those that another one contains, as “chest pain” does “pain”."""
    listed = tuple(concepts)
    return frozenset(c for c in listed if not any(other.endswith(f" {c}") for other in listed))


def _findings(text: str) -> Iterator[Finding]:
    tokens = tokens_of(text)
    vocabulary = _vocabulary()
    hits = _hits(tokens, vocabulary.lexicon)
    contexts = contexts_of(text, tokens, hits)
    for index in range(len(hits)):
        polarity = _polarity(hits, index, contexts[index])
        if polarity is None:
            continue
        for concept, first, last in _named(hits, index, text, tokens):
            yield Finding(concept, tokens[first].start, tokens[last - 1].end, polarity)


def _polarity(hits: Sequence[Hit], index: int, context: Context) -> Polarity | None:
    hit = hits[index]
    if hit.entry.table not in (_FINDING, _LACKING) or context in (Context.UNCERTAIN, Context.OTHER):
        return None
    if hit.entry.table == _LACKING:
        # “No cough, afebrile” goes on with what is absent; only “not afebrile” turns it round.
        beside = index > 0 and hits[index - 1].last == hit.first
        turned = beside and hits[index - 1].entry.table == Role.NEGATES_NEXT
        return Polarity.AFFIRMED if turned else Polarity.NEGATED
    return Polarity.NEGATED if context is Context.NEGATED else Polarity.AFFIRMED


def _hits(tokens: Sequence[Token], lexicon: Lexicon) -> tuple[Hit, ...]:
    """Leftmost, longest; but “no change in bowel habit” is “no” and a finding, not “no change” and half of one."""
    hits = []
    position = 0
    openings = lexicon.openings
    while position < len(tokens):
        if tokens[position].word not in openings:
            position += 1
            continue
        found = lexicon.at(tokens, position)
        hit = next((h for h in found if not _cuts_a_finding(h, tokens, lexicon)), None)
        if hit is not None:
            hits.append(hit)
        position = hit.last if hit else position + 1
    return tuple(hits)


def _cuts_a_finding(hit: Hit, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    if hit.entry.table in (_FINDING, _LACKING):
        return False
    inside = (h for start in range(hit.first + 1, hit.last) for h in lexicon.at(tokens, start))
    return any(h.entry.table in (_FINDING, _LACKING) and h.last > hit.last for h in inside)


def _named(hits: Sequence[Hit], index: int, text: str, tokens: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    """Concept and token range of the finding, once for each place that is said of it: “chest or abdominal pain” are
    two.
    """
    hit = hits[index]
    place = _place_beside(hits, index, text, tokens) if hit.entry.name in _vocabulary().placed else None
    first, last = (hit.first, hit.last) if place is None else (min(hit.first, place.first), max(hit.last, place.last))
    other = _place_before_or(hits[max(0, index - _MAX_BETWEEN) : index], first, tokens)
    kind = hit.entry.name.rpartition(" ")[2]
    if other is not None and kind in _vocabulary().placed:
        yield _concept(other, kind), other.first, last
    yield hit.entry.name if place is None else _concept(place, hit.entry.name), first, last


def _concept(place: Hit, finding: str) -> str:
    name = f"{place.entry.name} {finding}"
    return _vocabulary().concepts.get(tuple(map(fold, name.split())), name)


def _place_before_or(nearby: Sequence[Hit], first: int, tokens: Sequence[Token]) -> Hit | None:
    """The “chest” of “chest or abdominal pain”, given where “abdominal pain” begins."""
    if first == 0 or tokens[first - 1].word not in {"or", "and"}:
        return None
    return next((hit for hit in nearby if hit.last == first - 1 and hit.entry.table == _PLACES), None)


def _place_beside(hits: Sequence[Hit], index: int, text: str, tokens: Sequence[Token]) -> Hit | None:
    """The nearest place with nothing but linking words in between, before the finding or else after it."""
    before = (hits[i] for i in range(index - 1, max(index - 1 - _MAX_BETWEEN, -1), -1))
    after = (hits[i] for i in range(index + 1, min(index + 1 + _MAX_BETWEEN, len(hits))))
    places = (next((h for h in side if h.entry.table == _PLACES), None) for side in (before, after))
    return next((place for place in places if place and _beside(place, hits[index], text, tokens)), None)


def _beside(place: Hit, hit: Hit, text: str, tokens: Sequence[Token]) -> bool:
    low, high = sorted((place, hit), key=lambda h: h.first)
    between = tokens[low.last : high.first]
    gap = text[tokens[low.last - 1].end : tokens[high.first].start]
    joined = not any(mark in gap for mark in ",;.:?!()\n")
    words = _vocabulary().between
    return joined and len(between) <= _MAX_BETWEEN and all(token.word in words for token in between)


@cache
def _vocabulary() -> _Vocabulary:
    tables, scopes = read_tables(_FILE), read_tables(_SCOPES)
    phrases = [*_finding_phrases(tables), *_scope_phrases(scopes)]
    concepts = {tuple(map(fold, words)): entry.name for words, entry in phrases if entry.table == _FINDING}
    placed = frozenset(name for name, _ in tables[_PLACED])
    between = frozenset(fold(w) for _, row in scopes["between"] for phrase in row for w in phrase.split())
    return _Vocabulary(Lexicon(phrases), placed, between, concepts)


def _finding_phrases(tables: Tables) -> Iterator[_Phrase]:
    for table, rows in tables.items():
        role = table if table in (_PLACES, _IDIOMS) else _FINDING
        for name, phrases in rows:
            yield from ((words, Entry(role, name)) for words in spelled_out(name))
            for phrase in phrases:
                lacking = phrase.startswith(_ABSENCE)
                entry = Entry(_LACKING if lacking else role, name)
                yield from ((words, entry) for words in spelled_out(phrase.removeprefix(_ABSENCE)))


def _scope_phrases(scopes: Tables) -> Iterator[_Phrase]:
    for table, rows in scopes.items():
        if table == "between":
            continue
        for name, phrases in rows:
            for phrase in phrases:
                yield from ((words, Entry(table, name)) for words in spelled_out(phrase))
