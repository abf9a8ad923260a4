"""What a verdict is called, by the kind of item."""

from __future__ import annotations

from feedback.presentation.items import Tone, Verdict
from scoring.domain.review import Action, Decision, GlobalRating, ItemKind, Judged

PENCIL = "✎"
NOT_APPLICABLE = "Not applicable"
_WORDS = {
    ItemKind.SECTION: ("In order", "Not in order"),
    ItemKind.PENALTY: ("Spared", "Applies"),
    ItemKind.QUESTION: ("Asked", "Missed"),
    ItemKind.LINK: ("Heard", "Not heard"),
    ItemKind.LENGTH: ("Succinct", "Too long"),
    ItemKind.ELEMENT: ("Present", "Not found"),
    ItemKind.RULE: ("Met", "Not met"),
}
NO_SUMMARY_WORDS = ("There was one", "There was none")
RATINGS = {rating: rating.value.capitalize() for rating in GlobalRating}


def verdict_words(kind: ItemKind, *, summary_found: bool = True) -> tuple[str, str]:
    """Met and missed. Without a summary its length is the question whether there was one."""
    return NO_SUMMARY_WORDS if kind is ItemKind.LENGTH and not summary_found else _WORDS[kind]


def settled_verdict(words: tuple[str, str], *, met: bool) -> Verdict:
    """The machine's verdict once a person has confirmed it: no longer uncertain."""
    return Verdict("✓", words[0], Tone.GOOD) if met else Verdict("✕", words[1], Tone.BAD)


def changed_verdict(words: tuple[str, str], *, met: bool | None) -> Verdict:
    """A person's verdict that differs from the machine's; None: not applicable."""
    if met is None:
        return Verdict(PENCIL, NOT_APPLICABLE, Tone.OPEN)
    return Verdict(PENCIL, words[0] if met else words[1], Tone.GOOD if met else Tone.BAD)


def decision_words(decision: Decision, words: tuple[str, str]) -> str:
    """What a decision says, in a history or a conflict: “Missed”, “Accepted”, “Global rating: Pass”."""
    if decision.verdict is not None:
        return words[0] if decision.verdict is Judged.MET else words[1]
    if decision.rating is not None:
        return f"Global rating: {RATINGS[decision.rating]}"
    return {
        Action.ACCEPT: "Accepted",
        Action.NOT_APPLICABLE: NOT_APPLICABLE,
        Action.COMMENT: "Commented",
        Action.ACCEPT_REST: "Accepted the rest as graded",
        Action.WITHDRAW: f"Undid decision {decision.withdraws}",
    }[decision.action]
