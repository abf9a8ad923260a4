"""A share of few people, and how little it may say."""

from __future__ import annotations

import math
from dataclasses import dataclass

_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Proportion:
    """part of whole, with the 95 % score interval of Wilson (1927, JASA 22:209–212), which stays within 0 and 1 and has
    a width even where everybody or nobody did it."""

    part: int
    whole: int

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole or not self.whole:
            raise ValueError(f"{self.part} of {self.whole} is no share")

    @property
    def share(self) -> float:
        return self.part / self.whole

    @property
    def low(self) -> float:
        return max(0.0, self._center - self._reach) if self.part else 0.0

    @property
    def high(self) -> float:
        return min(1.0, self._center + self._reach) if self.part < self.whole else 1.0

    @property
    def _center(self) -> float:
        return (self.share + _Z95**2 / (2 * self.whole)) / (1 + _Z95**2 / self.whole)

    @property
    def _reach(self) -> float:
        spread = self.share * (1 - self.share) / self.whole + _Z95**2 / (4 * self.whole**2)
        return _Z95 * math.sqrt(spread) / (1 + _Z95**2 / self.whole)
