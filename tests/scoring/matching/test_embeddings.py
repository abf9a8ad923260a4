"""Word vectors: whole, pinned, exact."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scoring.domain.matching import embeddings as module
from scoring.domain.matching import resources
from scoring.domain.matching.embeddings import FILE, LENGTH, embeddings
from scoring.domain.matching.resources import MatcherDataError


def cosine(one: str, other: str) -> float:
    vectors = embeddings().vectors((one, other)).astype(np.int64)
    return int(vectors[0] @ vectors[1]) / LENGTH**2


def test_like_words_are_nearer_than_unlike_ones() -> None:
    assert cosine("physician", "doctor") > cosine("physician", "bicycle") + 0.2


def test_a_word_of_several_pieces_has_a_vector_and_an_unknown_script_has_none() -> None:
    vectors = embeddings().vectors(("thyrotoxicosis", "ψψ", ""))
    assert vectors[0].any()
    assert not vectors[1:].any()


def test_a_product_of_two_vectors_is_exact_in_any_order_of_summing() -> None:
    table = embeddings()
    assert int(np.abs(table.table.astype(np.int64)).max()) <= 127
    assert table.dimensions * 127 * 127 < 2**24


@pytest.mark.parametrize("damage", [b"", b"x"], ids=["missing", "altered"])
def test_a_missing_or_altered_file_is_refused_and_never_answers_differently(
    damage: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if damage:
        (tmp_path / FILE).write_bytes((resources.DATA / FILE).read_bytes() + damage)
    monkeypatch.setattr(resources, "DATA", tmp_path)
    module.embeddings.cache_clear()
    try:
        with pytest.raises(MatcherDataError, match="Reinstall"):
            embeddings()
    finally:
        module.embeddings.cache_clear()


def test_the_committed_file_is_small() -> None:
    assert (resources.DATA / FILE).stat().st_size < 8_000_000


def test_a_word_longer_than_any_is_not_pieced_together() -> None:
    assert not embeddings().vectors(("pneumono" * 2_000,)).any()
