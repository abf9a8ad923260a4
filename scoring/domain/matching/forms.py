"""How a clause is put: as a question, a list, advice, or a statement that something is not asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

_WH = frozenset(["what", "when", "where", "who", "which", "why", "how", "whereabouts", "whose", "whats", "hows"])
_AUXILIARY = frozenset(
    ["do", "does", "did", "have", "has", "had", "is", "are", "was", "were", "can", "could", "would", "will", "any",
     "don't", "doesn't", "didn't", "haven't", "hasn't", "isn't", "aren't", "anyone", "anybody", "anything", "should"]
)  # fmt: skip
_SUBJECT = frozenset(
    ["you", "your", "he", "she", "it", "they", "there", "the", "this", "that", "any", "anyone", "anybody", "anything",
     "these", "those", "his", "her", "their", "someone", "i", "we", "everything", "everyone", "either", "a", "not"]
)  # fmt: skip
_OPENER = frozenset(
    ["ok", "okay", "and", "so", "right", "alright", "yeah", "no", "well", "but", "then", "now", "or",
     "sure", "also", "just", "fine", "yes", "great", "good", "perfect", "sorry", "i", "see"]
)  # fmt: skip
_ANY = frozenset(["any", "anything", "anyone", "anybody"])


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives).replace("'", "['’]"), re.IGNORECASE)


_ASK = (
    r"(?:ask|asking|asked|enquire|inquire|explore|explored|discuss|discussed|elicit|elicited|obtain|obtained|cover|"
    r"covered|check|checked|assess|assessed|go into|get into|bother with)\b"
)
_REQUEST = _pattern(
    r"\b(?:tell|describe|explain|talk me|walk me|talk to me|let me know|wondering|run me through|show me|point to)\b",
    r"\b(?:on a scale|how about|what about)\b",
    r"\bi(?: would|'d)? (?:like|want|wanted|need|just want|have) to (?:ask|know|check)\b",
)
_NOT_ASKED = _pattern(
    r"\b(?:i|we)\b(?:'\w+)?(?:\s+\w+){0,2}?\s+(?:not|never|\w+n't|wont)\s+(?:\w+\s+){0,3}?" + _ASK,
    r"\b(?:was|were|been)(?: not|n't)\s+(?:\w+\s+)?" + _ASK,
    r"\b(?:no need|not going) to " + _ASK,
)
_OMITTED = _pattern(
    r"\b(?:forgot to|failed to|neglected to|omitted(?: to)?|skip(?:ped)?|without|unable to)\s+(?:\w+\s+){0,2}?" + _ASK,
    r"\b(?:need|want|have|going|like|plan|meant|intend|hope|should) (?:to |have )?(?:\w+ ){0,4}?ask(?:ed)?\b",
    r"(?:'ll|\bwill|\bwould) (?:\w+ ){0,3}?ask\b",
    r"\bran out of time\b",
    r"\bnot (?:yet )?(?:known|available|recorded|documented|elicited|explored|obtained)\b",
)
_TELLS_OF_ASKING = frozenset(
    ["ask", "asking", "asked", "enquire", "inquire", "explore", "explored", "discuss", "discussed", "elicit",
     "elicited", "obtain", "obtained", "cover", "covered", "check", "checked", "assess", "assessed", "into", "bother",
     "time", "known", "available", "recorded", "documented"]
)  # fmt: skip
_PLAN = _pattern(
    r"\b(?:we|i)(?:'ll| will| would like to|'d like to| can|(?:'m|'re| are| am)(?: just| also| now)? going to)\b",
    r"\b(?:we|i)(?: might| may| should| need to| want to|'re gonna| are gonna| am gonna|'m gonna)\b",
    r"\byou (?:should|need to|could|can|might|must)\b",
    r"\bit (?:could|might|may|sounds|looks|seems)\b",
    r"\b(?:i think|if you(?! were to)|when we|treatment|let's|make sure|i(?:'m| am) sorry|take care|recommend)\b",
)
_CONFIRM = _pattern(r"\b(?:right|correct|is that so|you (?:said|mentioned|told)|isn'?t it)\b")


class Form(StrEnum):
    """How a clause is put; several may hold at once."""

    MARKED = "marked"  # ends in a question mark
    ASKS = "asks"  # is worded as a question or a request
    LISTS = "lists"  # opens with “any …” or “no …”, as checklists are asked
    PLANS = "plans"  # advises, plans or explains
    DENIED = "denied"  # says that something is not or won't be asked
    OMITTED = (
        "omitted"  # says that asking was forgotten or is to come; in an interview the question itself often follows
    )
    CONFIRMS = "confirms"  # restates with “right?”, “you said …”


Forms = frozenset[Form]
_NOT_NOW = ((Form.DENIED, _NOT_ASKED), (Form.OMITTED, _OMITTED))
QUESTION: Forms = frozenset([Form.MARKED, Form.ASKS, Form.LISTS])


def forms_of(text: str, words: Sequence[str], *, marked: bool) -> Forms:
    """text: the clause as said; words: its lower-case words without fillers; marked: its sentence ends in “?”."""
    found = [Form.MARKED] if marked else []
    if _is_inverted(words) or _REQUEST.search(text):
        found.append(Form.ASKS)
    if _is_list(words):
        found.append(Form.LISTS)
    if _PLAN.search(text):
        found.append(Form.PLANS)
    if _CONFIRM.search(text):
        found.append(Form.CONFIRMS)
    if not _TELLS_OF_ASKING.isdisjoint(words):
        found.extend(form for form, pattern in _NOT_NOW if pattern.search(text))
    return frozenset(found)


def opens_question(word: str, following: str) -> bool:
    """“… and do you”, “… how”: where, in unpunctuated speech, a new question begins."""
    return word in _WH or (word in _AUXILIARY and following in _SUBJECT)


def _is_list(words: Sequence[str]) -> bool:
    head = next((word for word in words if word not in _OPENER), "")
    return head in _ANY or (words[0] == "no" and len(words) > 1)


def _is_inverted(words: Sequence[str]) -> bool:
    head = next((word for word in words if word not in _OPENER), "").split("'")[0]
    if head in _WH or head in _AUXILIARY:
        return True
    return any((one in _AUXILIARY or one in _WH) and two in _SUBJECT for one, two in pairwise(words))
