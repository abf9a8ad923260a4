"""Edits of what the components count for."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal

from rubrics.domain.edits.draft import Draft
from rubrics.domain.edits.model import NotMeant
from rubrics.domain.edits.words import component, number, pattern, share

NAMES = ("structure", "key_questions", "reasoning", "summary", "communication")
_STEP = Decimal("0.0001")

_OF = (
    r"(?:{the}(?:weights?|weightings?|share|proportion|importance)(?: of| for| on| given to)?"
    r" )?{the}(?P<component>{component})(?:'s|’s)?(?: weight| weighting| component| score| section|"
    r" part)?"
)
"""A component, with or without the word “weight” around it."""


def weight(draft: Draft, name: str) -> Decimal:
    return draft.decimal("weights", name)


def put_weight(draft: Draft, name: str, value: Decimal) -> None:
    if not 0 <= value <= 1:
        raise NotMeant(f"the weight of {spoken(name)} would be {value.normalize():f}, and must be between 0 and 1")
    draft.put("set_weight", value, "weights", name)
    if name == "communication" and draft.get("communication", "weight") is not None:
        # The document holds this number twice, and the checks refuse two that differ.
        draft.put("set_weight", value, "communication", "weight")
    draft.touched.add(name)


def spoken(name: str) -> str:
    return name.replace("_", " ")


def set_weight(draft: Draft, m: re.Match[str]) -> None:
    put_weight(draft, component(m["component"]), share(m["value"]))


def change_to(draft: Draft, m: re.Match[str]) -> None:
    """“Raise to 0.3” of a weight of 0.4 contradicts itself: the author has another number in mind."""
    name, value = component(m["component"]), share(m["value"])
    now, upwards = weight(draft, name), m["up"] is not None
    if value == now or (value > now) != upwards:
        raise NotMeant(
            f"the weight of {spoken(name)} is {now.normalize():f} now, so {value.normalize():f} does not "
            f"{'raise' if upwards else 'lower'} it; write “set” if you mean that"
        )
    draft.direction = 1 if upwards else -1
    put_weight(draft, name, value)


def change_by(draft: Draft, m: re.Match[str]) -> None:
    draft.direction = 1 if m["up"] is not None else -1
    again_by(draft, m)


def again_by(draft: Draft, m: re.Match[str]) -> None:
    """“… and summary by 0.05” goes the way of the clause before."""
    if not draft.direction:
        raise NotMeant("say whether to raise or to lower it")
    name = component(m["component"])
    put_weight(draft, name, weight(draft, name) + draft.direction * abs(share(m["value"])))


def multiply(draft: Draft, m: re.Match[str]) -> None:
    name = component(m["component"])
    factor = Decimal(2) if m["verb"].casefold() == "double" else Decimal("0.5")
    put_weight(draft, name, weight(draft, name) * factor)


def swap(draft: Draft, m: re.Match[str]) -> None:
    one, other = component(m["component"]), component(m["other"])
    first, second = weight(draft, one), weight(draft, other)
    put_weight(draft, one, second)
    put_weight(draft, other, first)


def shift(draft: Draft, m: re.Match[str]) -> None:
    amount, source, target = share(m["value"]), component(m["component"]), component(m["other"])
    if amount > weight(draft, source):
        raise NotMeant(f"{spoken(source)} has only {weight(draft, source).normalize():f} to give")
    put_weight(draft, source, weight(draft, source) - amount)
    put_weight(draft, target, weight(draft, target) + amount)


def equalise(draft: Draft, m: re.Match[str]) -> None:
    """Those that count now count the same, with the rest of the rounding on the first."""
    counting = [name for name in NAMES if weight(draft, name)]
    if not counting:
        raise NotMeant("no component counts yet; set one weight first")
    each = (1 / Decimal(len(counting))).quantize(_STEP)
    for name in counting:
        put_weight(draft, name, each)
    rest = 1 - each * len(counting)
    if rest:
        put_weight(draft, counting[0], each + rest)


def rebalance(draft: Draft, m: re.Match[str]) -> None:
    """Scale the weights that were not named so that all sum to 1."""
    change = rebalanced(draft)
    if change is None:
        raise NotMeant("the other weights can't make the sum 1; change one of those you set")
    for name, value in change.items():
        draft.put("rebalance_weight", value, "weights", name)
        if name == "communication" and draft.get("communication", "weight") is not None:
            draft.put("rebalance_weight", value, "communication", "weight")


def rebalanced(draft: Draft) -> dict[str, Decimal] | None:
    """What the untouched weights must become, in proportion; None when they can't make the sum 1."""
    fixed = sum((weight(draft, name) for name in draft.touched), Decimal(0))
    others = {name: weight(draft, name) for name in NAMES if name not in draft.touched and weight(draft, name)}
    total, room = sum(others.values(), Decimal(0)), 1 - fixed
    if room < 0 or not total:
        return None
    new = {name: (value * room / total).quantize(_STEP, ROUND_HALF_EVEN) for name, value in others.items()}
    largest = max(new, key=lambda name: new[name])
    new[largest] += room - sum(new.values(), Decimal(0))
    return {name: value for name, value in new.items() if value != others[name]}


def total(draft: Draft) -> Decimal:
    return sum((weight(draft, name) for name in NAMES), Decimal(0))


def set_item_weight(draft: Draft, m: re.Match[str]) -> None:
    """What a critical or another question weighs among the questions."""
    field = "noncritical_weight" if m["non"] else "critical_weight"
    value = number(m["value"].replace("times", "").strip())
    draft.put("set_question_weight", value, "key_questions_policy", field)


def count_times(draft: Draft, m: re.Match[str]) -> None:
    """“Critical questions count three times as much as others.”"""
    times = {"double": Decimal(2), "twice": Decimal(2), "triple": Decimal(3)}
    factor = times.get(m["times"].casefold()) or number(m["times"].replace("times", "").strip())
    other = draft.decimal("key_questions_policy", "noncritical_weight", default="1")
    draft.put("set_question_weight", factor * other, "key_questions_policy", "critical_weight")


_CHANGE = r"(?:(?P<up>{raise})|{lower})"
RULES = (
    (
        pattern(
            r"{set} {the}(?:weight|weighting)(?: of| for)? {the}(?P<non>non-?critical|other"
            r"|ordinary)?(?:critical)? (?:key )?questions? {to} ?(?P<value>{value})"
        ),
        set_item_weight,
    ),
    (
        pattern(
            r"{set} {the}(?P<non>non-?critical|ordinary)?(?:critical)?(?: question)? weight {to}"
            r" ?(?P<value>{value})"
        ),
        set_item_weight,
    ),
    (
        pattern(
            r"(?:{the}critical questions?|weigh(?:t)? critical questions?|make critical questions?|count"
            r" critical questions?) (?:should |must )?(?:count |counts |weigh |be worth |worth"
            r" )?(?P<times>double|twice|triple|{value} times)(?: as much)?(?: as (?:the )?(?:others?"
            r"|other questions|non-?critical questions|non-?critical ones))?"
        ),
        count_times,
    ),
    (pattern(rf"{{set}} {_OF} {{to}} ?(?P<value>{{value}})"), set_weight),
    (pattern(rf"{{set}} {_OF} (?:be )?(?:worth|count(?:s)?(?: for)?|weigh) ?(?P<value>{{value}})"), set_weight),
    (pattern(rf"(?:weigh|weight) {_OF} (?:at|with|by|as)? ?(?P<value>{{value}})"), set_weight),
    (pattern(rf"(?:make|set) {_OF} (?P<value>{{value}})(?: of the (?:total|grade|score|mark))?"), set_weight),
    (pattern(rf"give {_OF} (?:a weight of |a weighting of )?(?P<value>{{value}})"), set_weight),
    (pattern(rf"give (?P<value>{{value}})(?: of the (?:weight|total|grade|score))? to {_OF}"), set_weight),
    (
        pattern(
            rf"{_OF} (?:should |must |is |to )*(?:be |now )*(?:worth|count(?:s)?(?: for)?|weigh(?:s)?"
            rf"|{{to}}) ?(?P<value>{{value}})(?: of the (?:total|grade|score|mark))?"
        ),
        set_weight,
    ),
    (pattern(rf"{_OF} ?(?:[:=]|->|→)? ?(?P<value>{{value}})"), set_weight),
    (pattern(rf"{_CHANGE} {_OF} (?:up |down )?(?:to|at) ?(?P<value>{{value}})"), change_to),
    (pattern(rf"{_CHANGE} {_OF} (?:up |down )?by ?(?P<value>{{value}})"), change_by),
    (pattern(rf"(?:(?P<up>add)|take|subtract|remove) (?P<value>{{value}}) (?:to|from|off) {_OF}"), change_by),
    (pattern(rf"{_OF} by ?(?P<value>{{value}})"), again_by),
    (pattern(rf"(?P<verb>double|halve) {_OF}"), multiply),
    (
        pattern(
            r"swap {the}weights? (?:of )?{the}(?P<component>{component}) (?:and|with)"
            r" {the}(?P<other>{component})"
        ),
        swap,
    ),
    (
        pattern(
            r"(?:move|shift|take|transfer) (?P<value>{value})(?: of weight)? from"
            r" {the}(?P<component>{component}) (?:to|and give it to) {the}(?P<other>{component})"
        ),
        shift,
    ),
    (
        pattern(
            r"(?:make|weigh|weight|count|set) (?:all |the )*(?:components?|weights?|parts)"
            r" (?:equal(?:ly)?|the same|(?:to be )?equal)"
        ),
        equalise,
    ),
    (
        pattern(
            r"(?:rebalance|normali[sz]e|balance|scale|adjust) (?:{the}(?:rest|others?|other weights"
            r"|remaining weights|remaining|weights|remaining components|other components))(?: (?:to|so"
            r" that they|so they|so that everything|proportionally|accordingly).*)?"
        ),
        rebalance,
    ),
    (
        pattern(
            r"(?:keep|make|so that|so) (?:the )?(?:total|sum|weights|all weights|everything|they)(?:"
            r" still)? (?:(?:at|to|is|sums?|sum|adds?|add)(?: up)?(?: to)? )+(?:1|100 ?%|one)"
        ),
        rebalance,
    ),
)
