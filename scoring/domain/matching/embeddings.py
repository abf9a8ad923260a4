"""Static word vectors: integer, pinned by SHA-256, so that a similarity is the same number everywhere.

The table is built once by deploy/model/build_embeddings.py from all-MiniLM-L6-v2 (Apache-2.0).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from scoring.domain.matching.resources import MatcherDataError, read_bytes

FILE = "embeddings.bin"
SHA256 = "fc2e65466241c05441148a5939132e96ad6d0fda44c1fbde89e2365d5c33dbde"
LENGTH = 254  # every word vector is scaled to this norm, so a dot product over LENGTH² is a cosine
_LIMIT = 127
_LONGEST = 48  # letters of a word that is pieced together; trying every piece of a longer one would take seconds

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Embeddings:
    """Vectors of wordpieces; words outside the list are the sum of their pieces."""

    rows: dict[str, int]
    table: NDArray[np.int8]

    @property
    def dimensions(self) -> int:
        return int(self.table.shape[1])

    def vectors(self, words: tuple[str, ...]) -> Vectors:
        """One row a word, integer-valued; a word that can't be pieced together has a zero row.

        Components are at most 127 in size, so a product of two rows sums to less than dimensions · 127², below
        2²⁴ for up to 1,040 dimensions: exact in float32 in any order of summing.
        """
        found = np.zeros((len(words), self.dimensions), dtype=np.int8)
        whole = [(row, self.rows[word]) for row, word in enumerate(words) if word in self.rows]
        if whole:
            found[[row for row, _ in whole]] = self.table[[place for _, place in whole]]
        for row, word in enumerate(words):
            if word not in self.rows:
                found[row] = _pieced(self, word)
        return found.astype(np.float32)

    def pieced(self, word: str) -> NDArray[np.int8]:
        pieces = self._pieces(word)
        return self._sum(pieces) if pieces else np.zeros(self.dimensions, dtype=np.int8)

    def _sum(self, pieces: list[int]) -> NDArray[np.int8]:
        total = self.table[pieces].astype(np.int64).sum(axis=0)
        norm = isqrt(int((total * total).sum())) or 1
        scaled: NDArray[np.int8] = np.clip(total * LENGTH // norm, -_LIMIT, _LIMIT).astype(np.int8)
        return scaled

    def _pieces(self, word: str) -> list[int]:
        """Greedy longest-match pieces, as the original tokenizer splits; empty when a part is in no piece."""
        if len(word) > _LONGEST:
            return []
        pieces: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                row = self.rows.get(word[start:end] if start == 0 else "##" + word[start:end])
                if row is not None:
                    pieces.append(row)
                    start = end
                    break
            else:
                return []
        return pieces


@lru_cache(maxsize=16_384)
def _pieced(table: Embeddings, word: str) -> NDArray[np.int8]:
    return table.pieced(word)


@lru_cache(maxsize=1)
def embeddings() -> Embeddings:
    """The table, checked against its pinned SHA-256; raises MatcherDataError rather than answer differently."""
    raw = read_bytes(FILE)
    if hashlib.sha256(raw).hexdigest() != SHA256:
        raise MatcherDataError(f"{FILE} is not the file this engine was built with. Reinstall the package.")
    head, _, rest = raw.partition(b"\n")
    header = json.loads(head)
    pieces = rest.split(b"\n", header["pieces"])
    table = np.frombuffer(pieces.pop(), dtype=np.int8).reshape(header["pieces"], header["dimensions"])
    return Embeddings({piece.decode("ascii"): row for row, piece in enumerate(pieces)}, table)
