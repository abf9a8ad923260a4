"""Edits of the expected order and of penalties."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from rubrics.domain.document import StructurePenalty
from rubrics.domain.edits.draft import Draft
from rubrics.domain.edits.items import find, new_names
from rubrics.domain.edits.model import NotMeant
from rubrics.domain.edits.words import number, pattern
from rubrics.domain.penalties import read_penalty
from rubrics.domain.section_names import section_code

_ORDER = ("structure", "expected_order")


def _taken_off(text: str) -> Decimal:
    """A penalty is written as 0.3, -0.3 or 30 % and means points taken off."""
    value = -abs(number(text))
    if value < -1:
        raise NotMeant(f"{text.strip()} is more than the whole score; write at most 1")
    return value


def _section(draft: Draft, name: str) -> str | None:
    """As the order spells it, else as it was written if it is a section at all."""
    wanted = draft.quotations.restored(name).strip()
    code = section_code(wanted)
    for label in draft.get(*_ORDER):
        if label.casefold() == wanted.casefold() or (code is not None and section_code(label) == code):
            return str(label)
    return (wanted if len(wanted) > 3 else wanted.upper()) if code is not None else None  # noqa: PLR2004 - codes are short


def _known_section(draft: Draft, name: str) -> str:
    section = _section(draft, name)
    if section is None:
        shown = draft.quotations.restored(name)
        raise NotMeant(f"“{shown}” is no section; write one such as HPI, PMH, Social history or Summary")
    return section


def _penalty(draft: Draft, m: re.Match[str]) -> int:
    """A penalty by its name, or by what it is for: “a missing summary”, “PMH before HPI”."""
    given = m.groupdict()
    kind = "missing" if given.get("missing") else "order" if given.get("early") else None
    if kind is None:
        return find(draft, "penalty", m["name"])
    section = _section(draft, given["missing"] or given["early"] or "")
    before = _section(draft, given["late"]) if given.get("late") else None
    for index, item in enumerate(draft.get("structure", "penalties") or []):
        reading = read_penalty(StructurePenalty.model_validate(item), draft.get(*_ORDER))
        if reading is not None and (reading.kind, reading.section, reading.before) == (kind, section, before):
            draft.last_item = ("penalty", index)
            return index
    raise NotMeant("there is no such penalty; write “add a penalty of 0.2 for …”")


def set_penalty(draft: Draft, m: re.Match[str]) -> None:
    value = _taken_off(m["value"])
    draft.put("set_penalty", value, "structure", "penalties", _penalty(draft, m), "value")


def change_penalty(draft: Draft, m: re.Match[str]) -> None:
    """Raising a penalty takes more off."""
    index = _penalty(draft, m)
    now = draft.decimal("structure", "penalties", index, "value")
    amount = abs(number(m["value"]))
    if m["how"].casefold() == "to":
        value = _taken_off(m["value"])
        if value == now or (value < now) != (m["up"] is not None):
            raise NotMeant(f"that penalty takes {abs(now).normalize():f} now; write “set” if you mean {amount}")
    else:
        value = now - amount if m["up"] is not None else now + amount
    if not -1 <= value <= 0:
        raise NotMeant(f"the penalty would take {-value.normalize():f}, and must take between 0 and 1")
    draft.put("set_penalty", value, "structure", "penalties", index, "value")


def remove_penalty(draft: Draft, m: re.Match[str]) -> None:
    draft.remove("remove_penalty", "structure", "penalties", _penalty(draft, m))


def add_missing(draft: Draft, m: re.Match[str]) -> None:
    section, value = _known_section(draft, m["missing"]), _taken_off(m["value"])
    _add(draft, f"missing {section}", {"value": value, "kind": "missing", "section": section})


def add_order(draft: Draft, m: re.Match[str]) -> None:
    section, before, value = _known_section(draft, m["early"]), _known_section(draft, m["late"]), _taken_off(m["value"])
    if section == before:
        raise NotMeant("a section can't come before itself")
    _add(draft, f"{section} before {before}", {"value": value, "kind": "order", "section": section, "before": before})


def _add(draft: Draft, description: str, fields: dict[str, object]) -> None:
    identifier, anchor = new_names(draft, "penalty", description)
    named = {"id": identifier, "anchor": anchor, "description": description[:1].upper() + description[1:]}
    draft.last_item = ("penalty", draft.insert("add_penalty", {**named, **fields}, "structure", "penalties"))


def add_section(draft: Draft, m: re.Match[str]) -> None:
    name = draft.quotations.restored(m["name"])
    order = draft.get(*_ORDER)
    if _section(draft, m["name"]) in order:
        raise NotMeant(f"“{name}” is in the expected order already")
    place = m["place"]
    if place is None or re.search(r"\b(?:end|last)\b", place, re.IGNORECASE):
        at = None
    elif re.search(r"\b(?:start|beginning|top|first)\b", place, re.IGNORECASE):
        at = 0
    else:
        relation, _, other = place.strip().partition(" ")
        at = _index(draft, other) + (relation.casefold() == "after")
    draft.insert("add_section", _known_section(draft, m["name"]), *_ORDER, at=at)


def remove_section(draft: Draft, m: re.Match[str]) -> None:
    if len(draft.get(*_ORDER)) == 1:
        raise NotMeant("the expected order needs one section at least")
    draft.remove("remove_section", *_ORDER, _index(draft, m["name"]))


def move_section(draft: Draft, m: re.Match[str]) -> None:
    source, other = _index(draft, m["name"]), _index(draft, m["other"])
    target = other + (m["relation"].casefold() == "after") - (source < other)
    if source in {other, target}:
        raise NotMeant("it stands there already")
    draft.move("move_section", _ORDER, source, target)


def set_order(draft: Draft, m: re.Match[str]) -> None:
    names = [
        part for part in re.split(r"\s*(?:,|→|->|>|;)\s*(?:and |then )?|\s+(?:and|then)\s+", m["names"].strip()) if part
    ]
    order = [_known_section(draft, name) for name in names]
    if len(set(order)) != len(order):
        raise NotMeant("a section is named twice")
    draft.put("set_order", order, *_ORDER)


def _index(draft: Draft, name: str) -> int:
    section, order = _section(draft, re.sub(r"^(?:the|section) ", "", name.strip())), draft.get(*_ORDER)
    if section not in order:
        raise NotMeant(f"“{draft.quotations.restored(name)}” is not in the expected order ({', '.join(order)})")
    return int(order.index(section))


_MISSING = (
    r"(?:{the}(?:missing|absent|forgotten|omitted|no|skipping|leaving out|forgetting|omitting)"
    r" {the}(?P<missing>.+?)(?: section)?)"
)
_EARLY = (
    r"(?:(?:taking |having |doing )?{the}(?P<early>\S+(?: \S+){0,3}?) (?:coming |comes |is taken "
    r"|taken |asked )?before {the}(?P<late>.+?))"
)
_FOR = rf"(?:for |of |if |when )(?:{_MISSING}|{_EARLY}|(?P<name>.+?))"
_VALUE = r"(?P<value>{value})"
_NOT_GAP = r"(?!.*\b(?:major|gap|links?)\b)"
_PLACE = r"(?P<place>(?:before|after) .+?|(?:at|to) the (?:start|beginning|end)|first|last)"
_IN_ORDER = r"(?:{the}(?:expected |section )?order|{the}(?:expected )?sections|{the}structure)"

Handler = Callable[[Draft, re.Match[str]], None]
RULES: tuple[tuple[re.Pattern[str], Handler], ...] = (
    (
        pattern(
            rf"{{add}} {{the}}penalty (?:of ?)?{_VALUE} (?:for |if |when )(?:{{the}}student (?:omits|skips"
            rf"|forgets) |{{the}}(?:missing|absent|forgotten|omitted|no|skipping|leaving out|forgetting"
            rf"|omitting) ){{the}}(?P<missing>.+?)(?: section)?(?: is missing)?"
        ),
        add_missing,
    ),
    (
        pattern(
            rf"{{add}} {{the}}penalty (?:of ?)?{_VALUE} (?:for |if |when ){{the}}(?P<missing>\S+(?:"
            rf" \S+){{0,3}}?)(?: section)? is (?:missing|absent|forgotten|omitted|skipped|left out)"
        ),
        add_missing,
    ),
    (pattern(rf"{{add}} {{the}}penalty (?:of ?)?{_VALUE} (?:for |if |when ){_EARLY}"), add_order),
    (pattern(rf"{{add}} {{the}}penalty (?:for |if |when ){_MISSING} (?:of|worth) ?{_VALUE}"), add_missing),
    (
        pattern(rf"(?:take|deduct|subtract) (?:off )?{_VALUE}(?: points?| off)? (?:for |if |when ){_MISSING}"),
        add_missing,
    ),
    (pattern(rf"(?:take|deduct|subtract) (?:off )?{_VALUE}(?: points?| off)? (?:for |if |when ){_EARLY}"), add_order),
    (pattern(rf"{_NOT_GAP}{{set}} {{the}}penalty {_FOR} {{to}} ?{_VALUE}"), set_penalty),
    (pattern(rf"{_NOT_GAP}{{set}} {{the}}penalty (?P<name>.+?) {{to}} ?{_VALUE}"), set_penalty),
    (pattern(rf"{_NOT_GAP}{{set}} {{the}}(?P<name>.+?) penalty {{to}} ?{_VALUE}"), set_penalty),
    (
        pattern(rf"{_NOT_GAP}(?:(?P<up>{{raise}})|{{lower}}) {{the}}penalty {_FOR} (?P<how>to|by) ?{_VALUE}"),
        change_penalty,
    ),
    (
        pattern(
            rf"{_NOT_GAP}(?:(?P<up>{{raise}})|{{lower}}) {{the}}(?:penalty )?(?P<name>.+?)(?: penalty)?"
            rf" (?P<how>to|by) ?{_VALUE}"
        ),
        change_penalty,
    ),
    (pattern(rf"{_NOT_GAP}{{remove}} {{the}}penalty {_FOR}"), remove_penalty),
    (pattern(rf"{_NOT_GAP}{{remove}} {{the}}penalty (?P<name>.+)"), remove_penalty),
    (pattern(rf"{_NOT_GAP}{{remove}} {{the}}(?P<name>.+?) penalty"), remove_penalty),
    (pattern(rf"{_NOT_GAP}(?:don't|don’t|do not|stop) penali[sz](?:e|ing) {_MISSING}"), remove_penalty),
    (pattern(rf"{{set}} {_IN_ORDER} {{to}} ?(?P<names>.+)"), set_order),
    (pattern(rf"{_IN_ORDER} (?:is|should be|must be) (?P<names>.+)"), set_order),
    (
        pattern(
            rf"{{add}} {{the}}section (?P<name>.+?)(?: to {_IN_ORDER})?(?: {_PLACE})?(?: (?:in|to)"
            rf" {_IN_ORDER})?"
        ),
        add_section,
    ),
    (pattern(rf"{{add}} {{the}}(?P<name>.+?)(?: section)? (?:(?:to|in) {_IN_ORDER})(?: {_PLACE})?"), add_section),
    (pattern(rf"{{remove}} {{the}}section (?P<name>.+?)(?: from {_IN_ORDER})?"), remove_section),
    (pattern(rf"{{remove}} {{the}}(?P<name>.+?)(?: section)? from {_IN_ORDER}"), remove_section),
    (
        pattern(
            rf"(?:move|put|place) {{the}}(?:section )?(?P<name>.+?)(?: section)? (?P<relation>before"
            rf"|after) {{the}}(?:section )?(?P<other>.+?)(?: section)?(?: in {_IN_ORDER})?"
        ),
        move_section,
    ),
)
