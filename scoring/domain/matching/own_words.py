"""Words that a school or a rubric brings along, added to the clinical vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from scoring.domain.matching.tokens import stem, stems_of, tokens_of
from scoring.domain.matching.vocabulary import Concept, Entry, Kind, Vocabulary, clinical_vocabulary

OwnWords = tuple[tuple[str, tuple[str, ...]], ...]
"""Terms, each with its synonyms; plain words, in which nothing is read as a pattern."""


@lru_cache(maxsize=32)
def vocabulary_with(own: OwnWords) -> Vocabulary:
    """The clinical vocabulary with these words; the shipped part is shared, so a rubric's own costs next to nothing."""
    shipped = clinical_vocabulary()
    return Vocabulary(_entries(own, shipped), shipped) if own else shipped


def _entries(own: OwnWords, shipped: Vocabulary) -> Iterator[Entry]:
    for term, synonyms in own:
        known = _meaning(term, shipped)
        forms = [form for form in map(_plain, (term, *synonyms)) if form]
        if forms:
            yield from (Entry(concept, tuple(forms)) for concept in known or (_new(forms[0]),))


def _meaning(term: str, shipped: Vocabulary) -> tuple[Concept, ...]:
    """The concepts that the whole term is a wording of; none when it is new or says more than one thing."""
    stems = stems_of(term)
    whole = (hit for hit in shipped.hits(stems) if len(hit.places) == len(stems))
    return tuple(shipped.concepts[name] for name in dict.fromkeys(hit.concept for hit in whole))


def _new(form: str) -> Concept:
    return Concept("own " + " ".join(map(stem, form.split())), Kind.FINDING, ())


def _plain(wording: str) -> str:
    return " ".join(token.word for token in tokens_of(wording))
