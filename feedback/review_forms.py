"""What the review screen's forms send, read into a decision. The same forms work with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import UUID

from rubrics.domain.errors import FieldProblem, Malformed
from scoring.domain.result import TurnEntry
from scoring.domain.review import Action, GlobalRating, Judged
from scoring.domain.review.evidence import Passage
from scoring.services import DecisionRequest

_VERDICTS = {
    "met": (Action.OVERRIDE, Judged.MET),
    "missed": (Action.OVERRIDE, Judged.MISSED),
    "na": (Action.NOT_APPLICABLE, None),
    "accept": (Action.ACCEPT, None),
}
_OTHERS = {"comment": Action.COMMENT, "undo": Action.WITHDRAW, "rest": Action.ACCEPT_REST}
_RATE = "rate:"
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})", re.ASCII)
_MAX_DIGITS = 9

Posted = Mapping[str, str]


def decision_request_of(posted: Posted, turns: Sequence[TurnEntry], oral: str) -> DecisionRequest:
    """`do` names the button. Raises Malformed for anything that our own forms would not send."""
    button = posted.get("do", "")
    common = {"item": posted.get("item", ""), "client_token": _token(posted), "seen": _number(posted, "seen")}
    if button.startswith(_RATE):
        return DecisionRequest(action=Action.RATE, rating=_rating(button.removeprefix(_RATE)), **common)  # type: ignore[arg-type]
    if button in _OTHERS:
        comment = posted.get("comment", "") if button == "comment" else ""
        return DecisionRequest(action=_OTHERS[button], comment=comment, **common)  # type: ignore[arg-type]
    if button not in _VERDICTS:
        raise _malformed("do", "Choose one of the verdicts.")
    action, verdict = _VERDICTS[button]
    evidence = None if button == "na" else _evidence(posted, turns, oral)
    return DecisionRequest(
        action=action,
        verdict=verdict,
        reason=posted.get("reason", ""),
        evidence=evidence,
        **common,  # type: ignore[arg-type]
    )


def _malformed(field: str, message: str) -> Malformed:
    return Malformed(message, fields=(FieldProblem(field, message),))


def _token(posted: Posted) -> UUID:
    try:
        return UUID(posted.get("client_token", ""))
    except ValueError as error:
        raise _malformed("client_token", "Load the page again and repeat this.") from error


def _number(posted: Posted, name: str) -> int:
    text = posted.get(name) or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise _malformed(name, "Load the page again and repeat this.")
    return int(text)


def _rating(value: str) -> GlobalRating:
    try:
        return GlobalRating(value)
    except ValueError as error:
        raise _malformed("rating", "Choose one of the ratings.") from error


def _evidence(posted: Posted, turns: Sequence[TurnEntry], oral: str) -> Passage | None:
    """Selected words, else a whole turn by its number or its time, else none."""
    if posted.get("quote"):
        source: Literal["oral", "summary"] = "summary" if posted.get("source") == "summary" else "oral"
        return Passage(source, _number(posted, "start"), _number(posted, "end"), posted["quote"])
    wanted = posted.get("turn", "").strip()
    if not wanted:
        return None
    turn = _turn_named(wanted, turns)
    text = oral[turn.start : turn.end]
    start = turn.start + len(text) - len(text.lstrip())
    return Passage("oral", start, start + len(text.strip()), text.strip())


def _turn_named(wanted: str, turns: Sequence[TurnEntry]) -> TurnEntry:
    """
    “12” is the twelfth turn, “01:12” the one that was being spoken then.
    """
    clock = _CLOCK.match(wanted)
    if clock is not None:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        moment = ((hours * 60 + minutes) * 60 + seconds + 1) * 1000
        begun = [turn for turn in turns if turn.start_ms is not None and turn.start_ms < moment]
        if begun:
            return begun[-1]
    number = re.match(r"\d{1,6}", wanted, re.ASCII)
    if clock is None and number is not None and 1 <= int(number[0]) <= len(turns):
        return turns[int(number[0]) - 1]
    raise _malformed("turn", f"There is no turn {wanted[:20]!r}. Type the number or the time beside the words.")
