"""How a summary element is read: from its kind, from its pattern, or from its description."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rubrics.domain.document import ElementKind, SummaryElement

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_POLARITY = re.compile(
    r"\b(?P<polarity>positive|negative|affirmed|negated)"
    r"(?:s\b|(?: (?:clinical|physical|key|relevant))* (?:finding|symptom|sign|feature)s?\b)"
    r"|\b(?:pertinent|relevant|significant|key) (?P<alone>positive|negative)\b(?! \w)"
)
_NUMBER = re.compile(r"\b(?P<count>\d{1,2}|one|two|three|four|five|six)\b")


@dataclass(frozen=True, slots=True)
class ElementReading:
    """kind None: no machine can check it; it is left out of the ratio and is faculty's to mark."""

    kind: ElementKind | None
    min_count: int = 1


def read_element(element: SummaryElement) -> ElementReading:
    """A null pattern is neither a crash nor a silent zero: “At least 2 positive findings” counts findings."""
    count = element.min_count or 1
    if element.kind is not None:
        return ElementReading(element.kind, count)
    if element.pattern is not None:
        return ElementReading(ElementKind.PATTERN, count)
    if element.phrases is not None:
        return ElementReading(ElementKind.PHRASES, count)
    return _read_description(element)


def _read_description(element: SummaryElement) -> ElementReading:
    """One is enough where no number is written; a description that names both polarities can't be one count."""
    text = " ".join(element.description.casefold().split())
    named = {match["polarity"] or match["alone"] for match in _POLARITY.finditer(text)}
    both = "positive" in text and "negative" in text
    if len(named) != 1 or both:
        return ElementReading(None)
    kind = ElementKind.POSITIVE_FINDINGS if named & {"positive", "affirmed"} else ElementKind.NEGATIVE_FINDINGS
    return ElementReading(kind, element.min_count or _written_count(text))


def _written_count(text: str) -> int:
    written = _NUMBER.search(text)
    if written is None:
        return 1
    count = written["count"]
    return max(1, int(count) if count.isdecimal() else _NUMBERS[count])
