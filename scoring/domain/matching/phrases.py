"""A label or phrase of a rubric, read through the vocabulary and cut into the alternatives that it lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.domain.matching.tokens import Token, function_stems, tokens_of
from scoring.domain.matching.vocabulary import ENTITIES, Hit, Kind, Vocabulary

_SHARED = {Kind.ATTRIBUTE: "aspect", Kind.MODIFIER: "aspect", Kind.PERSON: "person"}
_THINGS = ENTITIES | {Kind.CIRCUMSTANCE}


@dataclass(frozen=True, slots=True)
class Part:
    """A concept with its equally good readings, or a plain word (no concepts); `segments` that it stands in.

    shared: the group of kinds that hold for other segments too, None for what holds only for its own.
    """

    concepts: tuple[str, ...]
    words: tuple[str, ...]
    segments: frozenset[int]
    shared: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str
    parts: tuple[Part, ...]
    segments: int

    def segment(self, number: int) -> tuple[Part, ...]:
        """One alternative: its own parts, and the aspects and persons of the others where it names none itself."""
        own = [part for part in self.parts if number in part.segments]
        named = {part.shared for part in own}
        return tuple(part for part in self.parts if part in own or (part.shared and part.shared not in named))


def read_phrase(text: str, vocabulary: Vocabulary, *, at_and: bool) -> Phrase:
    """at_and: also cut at “and”, as in a label's list; in a phrase “and” joins what must both be heard."""
    tokens = list(tokens_of(text))
    segment_of = _segments(text, tokens, at_and=at_and)
    count = segment_of[-1] + 1 if tokens else 0
    parts = []
    covered: set[int] = set()
    for cluster in clusters(vocabulary.hits([token.stem for token in tokens]), vocabulary, segment_of):
        kind = vocabulary.concepts[cluster[0].concept].kind
        shared = _SHARED.get(kind)
        places = cluster[0].places
        words = tuple(tokens[place].word for place in places if tokens[place].stem not in function_stems())
        segments = frozenset(segment_of[place] for place in places)
        parts.append(Part(tuple(dict.fromkeys(hit.concept for hit in cluster)), words, segments, shared))
        covered.update(place for hit in cluster for place in hit.places)
    parts.extend(
        Part((), (token.word,), frozenset([segment_of[place]]))
        for place, token in enumerate(tokens)
        if place not in covered and token.stem not in function_stems()
    )
    return Phrase(text, tuple(parts), count)


def _segments(text: str, tokens: Sequence[Token], *, at_and: bool) -> list[int]:
    breaks = {"or", "and"} if at_and else {"or"}
    segment, found = 0, []
    for place, token in enumerate(tokens):
        gap = text[tokens[place - 1].end : token.start] if place else ""
        if place and (token.word in breaks or "," in gap or "(" in gap):
            segment += 1
        found.append(segment)
    return found


def clusters(hits: Sequence[Hit], vocabulary: Vocabulary, segments: Sequence[int] = ()) -> list[tuple[Hit, ...]]:
    """Readings of the very same words belong together; a reading of some of a fuller one's words is dropped.

    segments: of every word, where the text lists alternatives; a reading inside one goes before one across two.
    """

    def rank(hit: Hit) -> tuple[object, ...]:
        across = bool(segments) and segments[hit.places[0]] != segments[hit.places[-1]]
        return -len(hit.places), across, hit.start - hit.end, hit.places, hit.concept

    found: list[list[Hit]] = []
    for hit in sorted(hits, key=rank):
        rival = next((cluster for cluster in found if hit.overlaps(cluster[0])), None)
        if rival is None:
            found.append([hit])
        elif hit.places == rival[0].places and _comparable(hit, rival[0], vocabulary):
            rival.append(hit)
    return sorted((tuple(cluster) for cluster in found), key=lambda cluster: cluster[0].places)


def _comparable(hit: Hit, other: Hit, vocabulary: Vocabulary) -> bool:
    kind, kind_of_other = vocabulary.concepts[hit.concept].kind, vocabulary.concepts[other.concept].kind
    return kind is kind_of_other or {kind, kind_of_other} <= _THINGS
