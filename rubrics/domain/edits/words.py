"""The words an edit is written in: quotations, numbers, and the pieces that the grammar's patterns are made of."""

from __future__ import annotations

import re
from decimal import Decimal

from rubrics.domain.edits.model import NotMeant

_QUOTES = re.compile(
    r"“(?P<a>[^“”]+)”|\"(?P<b>[^\"]+)\"|‘(?P<c>[^‘’]+)’|(?<![\w'])'(?P<d>[^']+(?:'\w[^']*)*)'(?!\w)|`(?P<e>[^`]+)`"
)
_MARKS = re.compile("[\ue000\ue001]")
_SPACES = re.compile(r"[^\S\n]+")
_HELD = re.compile("\ue000(\\d+)\ue001")

WORD_NUMBERS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20,
}  # fmt: skip
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10,
}  # fmt: skip
_SHARES = {"half": Decimal("0.5"), "a half": Decimal("0.5"), "a quarter": Decimal("0.25"), "a fifth": Decimal("0.2"),
           "a tenth": Decimal("0.1")}  # fmt: skip

_PERCENT = re.compile(r"%|per ?cent", re.IGNORECASE)
_WHOLE = 100

QUOTED = "\ue000\\d+\ue001"
_NUMBER_WORDS = "|".join(WORD_NUMBERS)
PIECES = {
    "the": r"(?:(?:the|a|an|our|this|its)\s+)?",
    "set": r"(?:set|change|adjust|make|put|fix|update|edit|turn)",
    "raise": r"(?:increase|raise|bump(?:\s+up)?|boost|up|lift)",
    "lower": r"(?:decrease|lower|reduce|cut|drop|bring\s+down|trim|shrink)",
    "add": r"(?:add|insert|include|create|introduce)",
    "remove": r"(?:remove|delete|drop|take\s+out|take\s+away|get\s+rid\s+of|omit|discard)",
    "to": r"(?:to|at|as|=|equal\s+to|:)",
    "value": rf"(?:[-−–]|minus\s+)?(?:\d+(?:[.,]\d+)?|[.]\d+|half|a\s+half|a\s+quarter|a\s+fifth|a\s+tenth"
    rf"|(?:{_NUMBER_WORDS})\b)"
    r"(?:\s*(?:%|percent(?:age\s+points?)?|per\s+cent|points?|pts?)(?!\w))?",
    "quoted": QUOTED,
    "quotes": rf"{QUOTED}(?:\s*(?:,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|/)\s*{QUOTED})*",
    "component": r"(?:structure|organi[sz]ation|(?:key\s+|checklist\s+)?questions?|clinical\s+reasoning"
    r"|diagnostic\s+reasoning"
    r"|reasoning|summary|communication(?:\s+skills)?)",
    "title": r"(?:called|named|labell?ed|titled|saying|that\s+says|reading|about|on|for|:)",
}
"""Named pieces of the grammar's patterns, written {name} there."""

COMPONENTS = {
    "structure": "structure", "organisation": "structure", "organization": "structure", "question": "key_questions",
    "questions": "key_questions", "key questions": "key_questions", "key question": "key_questions",
    "checklist questions": "key_questions", "checklist question": "key_questions", "reasoning": "reasoning",
    "clinical reasoning": "reasoning", "diagnostic reasoning": "reasoning", "summary": "summary",
    "communication": "communication", "communication skills": "communication",
}  # fmt: skip


def pattern(text: str) -> re.Pattern[str]:
    """A pattern for a whole clause. {pieces} are filled in; a space is any white space, “ ?” may be left out."""
    for name, piece in PIECES.items():
        text = text.replace(f"{{{name}}}", piece)
    return re.compile(text.replace(" ?", r"\s*").replace(" ", r"\s+"), re.IGNORECASE)


class Quotations:
    """Quoted passages, put aside so that an “and” inside one ends no clause and no word inside one is a verb."""

    def __init__(self, text: str) -> None:
        self._held: list[str] = []
        # Runs of spaces go: the grammar's patterns would try every way to share them out.
        self.text = _QUOTES.sub(self._hold, _SPACES.sub(" ", _MARKS.sub("", text)).strip())

    def _hold(self, match: re.Match[str]) -> str:
        passage = next(group for group in match.groups() if group is not None)
        self._held.append(passage.strip())
        return f"\ue000{len(self._held) - 1}\ue001"

    def restored(self, text: str) -> str:
        """The text without placeholders and without quotation marks."""
        return _HELD.sub(lambda match: self._held[int(match[1])], text).strip()

    def as_written(self, text: str) -> str:
        """The text with its quotations, for showing."""
        return _HELD.sub(lambda match: f"‘{self._held[int(match[1])]}’", text).strip()

    def listed(self, text: str) -> list[str]:
        """Every quotation in the text."""
        return [self._held[int(number)] for number in _HELD.findall(text)]


def number(text: str) -> Decimal:
    """A number as it is written, a percentage as its share.

    >>> number("45%"), number("-.3"), number("two"), number("half")
    (Decimal('0.45'), Decimal('-0.3'), Decimal('2'), Decimal('0.5'))
    """
    written = " ".join(text.casefold().replace("−", "-").replace("–", "-").replace("minus ", "-").split())
    bare = re.sub(r"\s*(?:%|percent(?:age points?)?|per cent|points?|pts?)$", "", written)
    value = _SHARES.get(bare) or _plain(bare.replace(",", "."))
    return value / 100 if _PERCENT.search(written) else value


def _plain(bare: str) -> Decimal:
    return Decimal(WORD_NUMBERS[bare]) if bare in WORD_NUMBERS else Decimal(bare)


def share(text: str) -> Decimal:
    """A share of 1; a bare 45 can only mean 45 %. Raises NotMeant for what is neither (1.5, 120 %).

    >>> share("45"), share("0.45"), share("45 %")
    (Decimal('0.45'), Decimal('0.45'), Decimal('0.45'))
    """
    value = number(text)
    if 1 < value <= _WHOLE and value == value.to_integral_value() and not _PERCENT.search(text):
        value /= 100
    if not 0 <= value <= 1:
        raise NotMeant(f"{text.strip()} is not between 0 and 1 (or 0 % and 100 %)")
    return value


def whole(text: str) -> int:
    """A count. Raises NotMeant for what is none."""
    value = number(text)
    if value != value.to_integral_value() or value < 0:
        raise NotMeant(f"{text.strip()} is not a whole number")
    return int(value)


def component(text: str) -> str:
    """The key of a component's weight."""
    return COMPONENTS[" ".join(text.casefold().split())]
