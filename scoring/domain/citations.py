"""Citations: every point names its rubric anchor and the moment it rests on (contract 6.7).

`Citer` is the only maker of evidence. It never takes a quotation from outside: it cuts it from the source at the
span that a rule pointed to, so `source[start:end] == quote` holds by construction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, StrictInt

from scoring.domain.evidence import AnyEvidence, Evidence, SummaryEvidence
from scoring.domain.transcript.model import Transcript, Utterance

EN_DASH = "–"
_HOUR = 3600
MAX_PIECES = 100
"""Pieces of one quotation; words that tags part more often are quoted from their beginning."""


class Quote(BaseModel):
    """A verbatim passage: source[start:end] == quote, in code points. `turn` is null in a written summary."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Literal["oral", "summary"]
    turn: StrictInt | None
    start: StrictInt
    end: StrictInt
    quote: str


class Citations(BaseModel):
    """rubric: `rubric://<rubric_id>#<anchor>`; student: `student://oral#…` or `student://summary#tokens=N`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rubric: tuple[str, ...]
    student: tuple[str, ...]


class Cited(BaseModel):
    """What every entry of the result carries."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    citations: Citations
    evidence: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """The texts that may be quoted and the rubric that may be cited."""

    rubric_id: str
    anchors: frozenset[str]
    transcript: Transcript
    summary_text: str | None
    summary_tokens: int

    def text(self, source: Literal["oral", "summary"]) -> str:
        return self.transcript.source if source == "oral" else self.summary_text or ""


@dataclass(frozen=True, slots=True)
class Citer:
    sources: Sources

    def rubric(self, *anchors: str) -> tuple[str, ...]:
        """`rubric://id#anchor`: anchors are stored with their `#`, so adding another would make two."""
        return tuple(f"rubric://{self.sources.rubric_id}{anchor}" for anchor in dict.fromkeys(anchors))

    def cite(self, anchor: str, evidence: Sequence[AnyEvidence] = (), *, as_one_span: bool = False) -> Cited:
        """Evidence that is given in several turns is cited turn by turn, or as one span from first to last."""
        oral = [item for item in evidence if isinstance(item, Evidence)]
        written = [item for item in evidence if isinstance(item, SummaryEvidence)]
        student = [self._oral_uri(group) for group in _groups(oral, as_one_span=as_one_span)]
        if written:
            student.append(self.summary_uri())
        return Cited(
            citations=Citations(rubric=self.rubric(anchor), student=tuple(dict.fromkeys(student))),
            evidence=tuple(quote for item in evidence for quote in self._quotes(item)),
        )

    def turns(self, anchor: str, first_turn: int, last_turn: int, quoted_turn: int) -> Cited:
        """A stretch of the encounter, quoting one turn of it in full."""
        quoted = self._utterance(quoted_turn)
        return Cited(
            citations=Citations(rubric=self.rubric(anchor), student=(self._span_uri(first_turn, last_turn),)),
            evidence=tuple(self._quotes(Evidence(quoted_turn, 0, len(quoted.text)))),
        )

    def quoted(self, anchor: str, quote: Quote) -> Cited:
        """A quotation that was verified elsewhere, cited by its turn; the gate verifies it again."""
        where = self.summary_uri() if quote.turn is None else self._span_uri(quote.turn, quote.turn)
        return Cited(citations=Citations(rubric=self.rubric(anchor), student=(where,)), evidence=(quote,))

    def summary_uri(self) -> str:
        return f"student://summary#tokens={self.sources.summary_tokens}"

    def _oral_uri(self, group: Sequence[Evidence]) -> str:
        return self._span_uri(group[0].turn, group[-1].turn)

    def _span_uri(self, first_turn: int, last_turn: int) -> str:
        first, last = self._utterance(first_turn), self._utterance(last_turn)
        if first.start_ms is not None and last.end_ms is not None:
            return f"student://oral#{time_range(first.start_ms, last.end_ms)}"
        turns = str(first_turn) if first_turn == last_turn else f"{first_turn}{EN_DASH}{last_turn}"
        return f"student://oral#turn={turns}"

    def _quotes(self, item: AnyEvidence) -> Iterable[Quote]:
        if isinstance(item, SummaryEvidence):
            yield self._quote("summary", None, item.start, item.end)
            return
        spans = self._utterance(item.turn).source_spans(item.start, item.end)
        for span in spans[:MAX_PIECES]:
            yield self._quote("oral", item.turn, span.start, span.end)

    def _quote(self, source: Literal["oral", "summary"], turn: int | None, start: int, end: int) -> Quote:
        return Quote(source=source, turn=turn, start=start, end=end, quote=self.sources.text(source)[start:end])

    def _utterance(self, turn: int) -> Utterance:
        return self.sources.transcript.utterances[turn - 1]


def _groups(evidence: Sequence[Evidence], *, as_one_span: bool) -> list[list[Evidence]]:
    ordered = sorted(evidence, key=lambda item: (item.turn, item.start))
    if as_one_span:
        return [ordered] if ordered else []
    return [[item] for item in ordered]


def time_range(start_ms: int, end_ms: int) -> str:
    """`MM:SS–MM:SS`, or with hours once either needs them. The end is rounded up, so that a short turn has a length.

    >>> time_range(61_000, 61_400), time_range(3_599_000, 3_601_000)
    ('01:01–01:02', '00:59:59–01:00:01')
    """
    start, end = start_ms // 1000, -(-end_ms // 1000)
    hours = max(start, end) >= _HOUR
    return f"{clock(start, hours=hours)}{EN_DASH}{clock(end, hours=hours)}"


def clock(seconds: int, *, hours: bool) -> str:
    minutes, rest = divmod(seconds, 60)
    if not hours:
        return f"{minutes:02d}:{rest:02d}"
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest:02d}"
