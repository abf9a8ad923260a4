"""How a request is cut into clauses, each of which asks for one thing."""

from __future__ import annotations

import re

from rubrics.domain.edits.words import PIECES

_VERBS = (
    r"set|change|adjust|make|put|fix|update|edit|turn|increase|raise|bump|boost|lift|decrease"
    r"|lower|reduce|cut|drop|trim"
    r"|shrink|bring|add|insert|include|create|introduce|remove|delete|take|get\s+rid|omit|discard"
    r"|rename|relabel|retitle"
    r"|call|move|shift|swap|reorder|mark|unmark|tag|untag|flag|unflag|treat|require|stop|limit|cap|allow|rebalance"
    r"|normali[sz]e|balance|replace|double|halve|give|accept|count|weigh|weight|start|begin|place|reword|adjust|keep"
    r"|scale|do\s+not|don't"
)
_WEIGHT = rf"(?:{PIECES['component']})\s+(?:weight\s+)?(?:(?:to|at|by|=)\s*)?{PIECES['value']}"
_STATEMENT = (
    rf"{PIECES['the']}[^,;]{{1,80}}?\s+(?:is|are|should|must)\s+(?:be\s+|now\s+|not\s+"
    rf"|no\s+longer\s+)*(?:critical|major|worth|optional)"
)
_BREAK = re.compile(
    rf"\s*(?:;|\n|(?<=[^\d\s])\.(?=\s|$)|\.(?=\s|$))\s*"
    rf"|\s*(?:,\s*(?:and\s+|but\s+|then\s+)*|\s(?:and|but|then|also|plus)\s+(?:then\s+|also\s+)*)"
    rf"(?:please\s+)?(?=(?:{_VERBS})\b|{_WEIGHT}\s*(?:$|,|;|\.|\sand\b)|{_STATEMENT})",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(r"(?:for|in)\s[^,]+$|.*\sshould$", re.IGNORECASE)
"""The beginning of a clause whose verb follows: “For swelling, accept …”."""
_POLITE = re.compile(
    r"^(?:(?:please|kindly|also|then|and|now|first|next|finally|ok(?:ay)?|so|but|hi|hello|thanks?|thank you)[\s,!]+"
    r"|(?:can|could|would|will)\s+you\s+(?:please\s+)?|i(?:\s+would|'d"
    r"|’d)\s+like\s+(?:you\s+)?to\s+|i\s+want\s+(?:you\s+)?to\s+"
    r"|(?:we|you)\s+should\s+|(?:let's|let’s|let\s+us)\s+|i\s+think\s+we\s+should\s+"
    r"|we\s+need\s+to\s+|we\s+want\s+to\s+)+",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[\s,]*(?:please|thanks?|thank you)?[\s.!?,]*$", re.IGNORECASE)


def clauses(text: str) -> list[str]:
    """The clauses in order, without courtesies.

    >>> clauses("Please increase key questions to 0.45 and structure to 0.15; rename onset to start.")
    ['increase key questions to 0.45', 'structure to 0.15', 'rename onset to start']
    """
    pieces: list[str] = []
    for piece in (_TAIL.sub("", _POLITE.sub("", piece.strip())) for piece in _BREAK.split(text)):
        if pieces and _UNFINISHED.match(pieces[-1]):
            pieces[-1] = f"{pieces[-1]}{'' if pieces[-1].endswith('should') else ','} {piece}"
        elif piece:
            pieces.append(piece)
    return pieces
