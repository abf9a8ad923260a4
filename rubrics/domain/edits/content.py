"""Edits of links, summary elements, rules, limits, thresholds and the rubric's own name."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from rubrics.domain.document import SummaryElement
from rubrics.domain.edits.draft import Draft
from rubrics.domain.edits.items import LISTS, find, item_steps, new_names
from rubrics.domain.edits.model import NotMeant
from rubrics.domain.edits.words import number, pattern, share, whole
from rubrics.domain.elements import read_element

_KINDS = {"positive": "positive_findings", "negative": "negative_findings"}


def set_words(draft: Draft, m: re.Match[str]) -> None:
    draft.put("set_word_limit", whole(m["value"]), "summary", "max_tokens")


def change_words(draft: Draft, m: re.Match[str]) -> None:
    now = int(draft.get("summary", "max_tokens"))
    step = whole(m["value"]) if m["up"] is not None else -whole(m["value"])
    if now + step < 1:
        raise NotMeant(f"the summary is limited to {now} words now, so {-step} can't be taken off")
    draft.put("set_word_limit", now + step, "summary", "max_tokens")


def set_divisor(draft: Draft, m: re.Match[str]) -> None:
    value = number(m["value"])
    if value <= 0:
        raise NotMeant("the divisor must be above 0")
    draft.put("set_overflow_divisor", value, "summary", "overflow_divisor")


def set_threshold(draft: Draft, m: re.Match[str]) -> None:
    field = f"{m['which'].casefold()}_threshold"
    draft.put("set_threshold", share(m["value"]), "key_questions_policy", field)


def require_coverage(draft: Draft, m: re.Match[str]) -> None:
    draft.put("set_threshold", share(m["value"]), "key_questions_policy", "coverage_threshold")


def change_threshold(draft: Draft, m: re.Match[str]) -> None:
    field = f"{m['which'].casefold()}_threshold"
    now = draft.get("key_questions_policy", field)
    if now is None:
        raise NotMeant(f"the {m['which']} threshold is not set in this rubric; write “set … to …”")
    step = share(m["value"]) if m["up"] is not None else -share(m["value"])
    value = Decimal(str(now)) + step
    if not 0 <= value <= 1:
        raise NotMeant(f"it would be {value.normalize():f}, and must be between 0 and 1")
    draft.put("set_threshold", value, "key_questions_policy", field)


def remove_threshold(draft: Draft, m: re.Match[str]) -> None:
    field = f"{m['which'].casefold()}_threshold"
    if draft.get("key_questions_policy", field) is None:
        raise NotMeant("this rubric sets none; the engine's own is used already")
    draft.remove("remove_threshold", "key_questions_policy", field)


def set_gap(draft: Draft, m: re.Match[str]) -> None:
    value = -abs(number(m["value"]))
    if value < -1:
        raise NotMeant(f"{m['value'].strip()} is more than the whole score; write at most 1")
    draft.put("set_gap_penalty", value, "reasoning", "major_gap_penalty")


def add_link(draft: Draft, m: re.Match[str]) -> None:
    description, found = (draft.quotations.restored(m[name]) for name in ("text", "pattern"))
    identifier, anchor = new_names(draft, "link", description)
    item = {"id": identifier, "anchor": anchor, "description": description, "pattern": found}
    position = draft.insert("add_link", {**item, "major": m["major"] is not None}, *LISTS["link"][0])
    draft.last_item = ("link", position)


def mark_link(draft: Draft, m: re.Match[str]) -> None:
    wanted = not m["not"] and m["mark"].casefold() == "major"
    draft.put(
        "mark_major" if wanted else "mark_not_major",
        wanted,
        *item_steps("link", find(draft, "link", m["name"])),
        "major",
    )


def add_element(draft: Draft, m: re.Match[str]) -> None:
    given = m.groupdict()
    description = draft.quotations.restored(m["text"])
    identifier, anchor = new_names(draft, "element", description)
    item: dict[str, Any] = {"id": identifier, "anchor": anchor, "description": description}
    if given.get("pattern"):
        item["pattern"] = draft.quotations.restored(given["pattern"])
    elif given.get("phrases"):
        item |= {"kind": "phrases", "phrases": draft.quotations.listed(given["phrases"])}
    draft.last_item = ("element", draft.insert("add_element", item, *LISTS["element"][0]))


def require_findings(draft: Draft, m: re.Match[str]) -> None:
    """One element counts positive findings and one counts negative ones; an existing one gets the new number."""
    kind, count = _KINDS[m["polarity"].casefold()], whole(m["value"])
    if count < 1:
        raise NotMeant("at least one finding must be asked for; remove the element instead")
    description = f"At least {count} {m['polarity'].casefold()} finding{'s' * (count > 1)}"
    for index, item in enumerate(draft.get(*LISTS["element"][0]) or []):
        if read_element(SummaryElement.model_validate(item)).kind == kind:
            steps = item_steps("element", index)
            draft.put("set_findings", description, *steps, "description")
            draft.put("set_findings", count, *steps, "min_count")
            return
    identifier, anchor = new_names(draft, "element", kind.replace("_", " "))
    named = {"id": identifier, "anchor": anchor, "description": description}
    draft.insert("add_element", {**named, "kind": kind, "min_count": count}, *LISTS["element"][0])


def remove_item(draft: Draft, m: re.Match[str]) -> None:
    kind = m["kind"].casefold().rstrip("s")
    draft.remove(f"remove_{kind}", *item_steps(kind, find(draft, kind, m["name"])))
    draft.last_item = None


def rename_item(draft: Draft, m: re.Match[str]) -> None:
    kind = m["kind"].casefold()
    text = draft.quotations.restored(m["label"])
    draft.put(f"rename_{kind}", text, *item_steps(kind, find(draft, kind, m["name"])), "description")


def set_pattern(draft: Draft, m: re.Match[str]) -> None:
    kind = m["kind"].casefold()
    steps = item_steps(kind, find(draft, kind, m["name"]))
    draft.put("set_pattern", draft.quotations.restored(m["pattern"]), *steps, "pattern")


def set_rule(draft: Draft, m: re.Match[str]) -> None:
    """A bound of a rule: of a ratio unless the number is a count."""
    steps = item_steps("rule", find(draft, "rule", m["name"]))
    bound = "max" if m["bound"].casefold() in ("max", "maximum", "upper bound", "limit", "at most") else "min"
    value = number(m["value"])
    counts = draft.get(*steps, f"{bound}_count") is not None or value > 1
    draft.put("set_rule_bound", whole(m["value"]) if counts else value, *steps, f"{bound}_count" if counts else bound)


def set_rule_weight(draft: Draft, m: re.Match[str]) -> None:
    draft.put("set_rule_weight", number(m["value"]), *item_steps("rule", find(draft, "rule", m["name"])), "weight")


def set_text(draft: Draft, m: re.Match[str]) -> None:
    field = {"name": "title", "rubric": "title"}.get(m["field"].casefold(), m["field"].casefold())
    text = draft.quotations.restored(m["text"])
    draft.put(f"set_{field}", text, field)


def set_version(draft: Draft, m: re.Match[str]) -> None:
    draft.put("set_version", m["version"], "version")


_LIMIT = (
    r"(?:{the}(?:summary(?:'s|’s)? )?(?:word|token|length) (?:limit|maximum|cap)(?: (?:of|for|on)"
    r" {the}summary)?|(?:max(?:imum)?[ _](?:tokens|words|length))(?: (?:of|for|in) {the}summary)?"
    r"|{the}(?:summary )(?:limit|length|maximum)|{the}limit (?:of|for|on) {the}summary)"
)
_WORDS = r"(?P<value>{value})(?: ?(?:words|tokens))?"
_THRESHOLD = r"{the}(?P<which>coverage|matching)[ _](?:threshold|minimum)"
_GAP = (
    r"{the}(?:major[ -]gap penalty|penalty (?:for|of) {the}(?:missing |missed )?(?:major (?:gaps?"
    r"|links?|link that is missing))(?: that is missing)?|gap penalty)"
)
_KIND = r"(?:{the}(?:required |summary |reasoning |communication )*(?P<kind>link|element|rule))"
_LABEL = r"(?P<label>{quoted})"
_TEXT = r"(?:{title} ?)?(?P<text>{quoted})"
_PATTERN = r",? (?:with|using|by|and)(?: the)? pattern ?:? ?(?P<pattern>{quoted})"

Handler = Callable[[Draft, re.Match[str]], None]
RULES: tuple[tuple[re.Pattern[str], Handler], ...] = (
    (pattern(rf"(?:{{set}}|{{raise}}|{{lower}}) {_LIMIT} {{to}} ?{_WORDS}"), set_words),
    (pattern(rf"{_LIMIT} (?:is|should be|{{to}}) ?{_WORDS}"), set_words),
    (
        pattern(
            rf"(?:limit|cap|restrict|shorten|keep) {{the}}summary (?:to|at) (?:at most |no more than "
            rf"|under )?{_WORDS}"
        ),
        set_words,
    ),
    (pattern(rf"(?:allow|permit) (?:up to |at most )?{_WORDS} (?:in|for) {{the}}summary"), set_words),
    (
        pattern(
            rf"{{the}}summary (?:may|can|should|must) (?:have|be|take|use) (?:at most |up to |no more than"
            rf" |no longer than )?{_WORDS}(?: long)?"
        ),
        set_words,
    ),
    (pattern(rf"(?:(?P<up>{{raise}})|{{lower}}) {_LIMIT} by ?{_WORDS}"), change_words),
    (
        pattern(
            r"(?:{set}|{raise}|{lower}) {the}(?:summary(?:'s|’s)? )?overflow[ _]divisor(?: of"
            r" {the}summary)? {to} ?(?P<value>{value})"
        ),
        set_divisor,
    ),
    (pattern(rf"(?:{{set}}|{{raise}}|{{lower}}) {_THRESHOLD} {{to}} ?(?P<value>{{value}})"), set_threshold),
    (pattern(rf"{_THRESHOLD} (?:is|should be|{{to}}) ?(?P<value>{{value}})"), set_threshold),
    (pattern(rf"(?:(?P<up>{{raise}})|{{lower}}) {_THRESHOLD} by ?(?P<value>{{value}})"), change_threshold),
    (pattern(rf"(?:{{remove}}|clear|reset|unset) {_THRESHOLD}"), remove_threshold),
    (
        pattern(
            r"(?:require|ask for|expect) (?:at least |a )?(?P<value>{value}) (?:question )?coverage(?: of"
            r" (?:the )?(?:key )?questions)?"
        ),
        require_coverage,
    ),
    (pattern(rf"(?:{{set}}|{{raise}}|{{lower}}) {_GAP} {{to}} ?(?P<value>{{value}})"), set_gap),
    (
        pattern(
            r"(?:take|deduct|subtract) (?:off )?(?P<value>{value}) for (?:each|every|a) (?:missing"
            r"|missed) major link"
        ),
        set_gap,
    ),
    (
        pattern(
            rf"{{add}} {{the}}(?:required |reasoning )*(?P<major>major )?(?:required |reasoning )*link"
            rf" {_TEXT}{_PATTERN}"
        ),
        add_link,
    ),
    (
        pattern(
            r"(?:make|mark|set|treat) {the}(?:reasoning )?link (?P<name>.+?) (?:as |to )?(?P<not>not |no"
            r" longer |non-?)?(?P<mark>major|minor)"
        ),
        mark_link,
    ),
    (
        pattern(
            r"(?:make|mark|set|treat) {the}(?P<name>.+?) link (?:as |to )?(?P<not>not |no longer "
            r"|non-?)?(?P<mark>major|minor)"
        ),
        mark_link,
    ),
    (
        pattern(
            r"{the}link (?P<name>.+?) (?:is|should be) (?P<not>not |no longer |non-?)?(?P<mark>major"
            r"|minor)"
        ),
        mark_link,
    ),
    (
        pattern(
            rf"{{add}} {{the}}(?:required |summary )*element {_TEXT}(?:{_PATTERN}|,? with(?: the)?"
            rf" phrases? ?:? ?(?P<phrases>{{quotes}}))?"
        ),
        add_element,
    ),
    (
        pattern(
            r"(?:require|expect|ask for|want) (?:at least |a minimum of )?(?P<value>{value}) (?:pertinent"
            r" |clinical )?(?P<polarity>positive|negative)(?:s| findings?)?(?: in {the}summary)?"
        ),
        require_findings,
    ),
    (
        pattern(
            r"{the}summary (?:must|should) (?:have|contain|include|name) (?:at least )?(?P<value>{value})"
            r" (?:pertinent |clinical )?(?P<polarity>positive|negative)(?:s| findings?)?"
        ),
        require_findings,
    ),
    (
        pattern(
            r"(?:require|expect) (?P<text>{quoted}) in {the}summary(?:"
            + _PATTERN
            + r"|,? with(?: the)? phrases? ?:? ?(?P<phrases>{quotes}))?"
        ),
        add_element,
    ),
    (pattern(rf"{{remove}} {_KIND} (?:called |about |on )?(?P<name>.+)"), remove_item),
    (pattern(r"{remove} {the}(?P<name>.+?) (?P<kind>link|element|rule)"), remove_item),
    (pattern(rf"(?:rename|relabel|reword) {_KIND} (?P<name>.+?) (?:to|as) {_LABEL}"), rename_item),
    (pattern(rf"{{set}} {{the}}description of {_KIND} (?P<name>.+?) to {_LABEL}"), rename_item),
    (
        pattern(rf"{{set}} {{the}}pattern (?:of|for) {_KIND} (?P<name>.+?) (?:to|as) (?P<pattern>{{quoted}})"),
        set_pattern,
    ),
    (
        pattern(
            r"{set} {the}(?P<bound>min|max|minimum|maximum|lower bound|upper bound) (?:of|for)"
            r" {the}(?:communication )?rule (?P<name>.+?) to (?P<value>{value})"
        ),
        set_rule,
    ),
    (
        pattern(
            r"{set} {the}weight of {the}(?:communication )?rule (?P<name>.+?) to"
            r" (?P<value>{value})"
        ),
        set_rule_weight,
    ),
    (
        pattern(
            r"(?:{set}|rename|retitle|call) {the}(?:rubric(?:'s|’s)? )?(?P<field>title|specialty"
            r"|description|name|rubric)(?: of {the}rubric)? (?:to |as )?(?P<text>{quoted})"
        ),
        set_text,
    ),
    (
        pattern(
            r"{set} {the}(?:rubric(?:'s|’s)? )?(?P<field>title|specialty|name)(?: of {the}rubric)? to"
            r" (?P<text>.+)"
        ),
        set_text,
    ),
    (
        pattern(r"(?:{set}|{raise}) {the}version(?: number)? (?:to )?(?P<version>\d{1,6}\.\d{1,6}\.\d{1,6})"),
        set_version,
    ),
)
