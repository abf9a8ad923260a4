"""The five components of a result as groups of items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from feedback.domain.phrasing import clause
from feedback.presentation import items as verdicts
from feedback.presentation.items import Fact, Item, Verdict, moments, places
from feedback.presentation.numbers import Timeline, counted, percent_text, score_text, short_number, two_places
from feedback.presentation.ribbon import Standing, section_label, section_title, standing
from feedback.presentation.structure_items import structure_items
from scoring.domain.overall import COMPONENTS
from scoring.domain.result import (
    DetailedResults,
    ElementEntry,
    GradingResult,
    LinkEntry,
    QuestionEntry,
    RuleEntry,
    StructureDetail,
    SummaryDetail,
)
from scoring.domain.review.items import LENGTH

TITLES = {
    "structure": "Structure",
    "key_questions": "Key questions",
    "reasoning": "Reasoning",
    "summary": "Summary",
    "communication": "Communication",
}
_MEASURES = {
    "open_question_ratio": "open questions among all",
    "talk_share": "share of the talking",
    "empathy_after_distress": "answers to distress with empathy",
    "jargon": "technical words",
    "summarising_back": "summaries given back",
    "transitions": "announced changes of topic",
    "pattern": "times heard",
    "phrases": "times heard",
}
_RATIOS = frozenset({"open_question_ratio", "talk_share", "empathy_after_distress"})


@dataclass(frozen=True, slots=True)
class Stop:
    """A section as it was heard, in the order of the encounter."""

    label: str
    name: str
    turn: int
    when: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Route:
    """What order was expected and what was heard."""

    expected: tuple[str, ...]
    heard: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """tally: how many of how many. weight empty: the component does not count. todo: items that wait for a person."""

    name: str
    title: str
    score: str
    weight: str
    tally: str
    items: tuple[Item, ...]
    note: str = ""
    route: Route | None = None

    @property
    def todo(self) -> int:
        return sum(item.needs_a_person for item in self.items)


def groups(result: GradingResult, line: Timeline) -> tuple[Group, ...]:
    """In component order; items are numbered from 1 through all groups."""
    found = []
    number = 1
    for name in COMPONENTS:
        group = _BUILDERS[name](result.detailed_results, line, number)
        part = result.score_breakdown[name]
        weight = percent_text(part.weight) if part.weight else ""
        found.append(replace(group, name=name, title=TITLES[name], score=score_text(part.score), weight=weight))
        number += len(group.items)
    return tuple(found)


def _group(tally: str, items: Iterable[Item], *, note: str = "", route: Route | None = None) -> Group:
    return Group("", "", "", "", tally, tuple(items), note, route)


def _structure(details: DetailedResults, line: Timeline, number: int) -> Group:
    detail = details.structure
    tally = f"{detail.lcs_length} of {len(detail.expected_order)} sections in order"
    items = (replace(item, number=place) for place, item in enumerate(structure_items(detail, line), number))
    return _group(tally, items, route=_route(detail, line))


def _route(detail: StructureDetail, line: Timeline) -> Route:
    return Route(
        expected=detail.expected_order,
        heard=tuple(
            Stop(
                label=section_label(run.section),
                name=section_title(run.section),
                turn=run.first_turn,
                when=line.when(run.first_turn),
                standing=standing(run, detail),
            )
            for run in detail.runs
        ),
    )


def _key_questions(details: DetailedResults, line: Timeline, number: int) -> Group:
    detail = details.key_questions
    asked = sum(question.asked for question in detail.questions)
    note = f"Below the station's threshold of {percent_text(detail.coverage_threshold)}." if detail.violations else ""
    items = (_question(question, line, place) for place, question in enumerate(detail.questions, number))
    return _group(f"{asked} of {len(detail.questions)} asked", items, note=note)


def _question(question: QuestionEntry, line: Timeline, number: int) -> Item:
    facts = [Fact("Counts", short_number(question.weight))]
    if question.matching_phrase:
        facts.append(Fact("Nearest phrase of the rubric", question.matching_phrase))
    return Item(
        verdict=_question_verdict(question),
        label=question.label,
        citations=question.citations,
        credited=question.asked,
        marked=question.evidence,
        moments=moments(question, line, number=number),
        critical=question.critical,
        confidence=two_places(question.confidence),
        note=("Counted as asked" if question.asked else "Counted as missed") if question.uncertain else "",
        facts=tuple(facts),
        number=number,
        key=f"question:{question.id}",
    )


def _question_verdict(question: QuestionEntry) -> Verdict:
    if question.uncertain:
        return verdicts.UNCERTAIN
    return verdicts.ASKED if question.asked else verdicts.MISSED


def _reasoning(details: DetailedResults, line: Timeline, number: int) -> Group:
    detail = details.reasoning
    items = (_link(link, line, place) for place, link in enumerate(detail.links, number))
    gaps = sum(link.major and not link.detected for link in detail.links)
    note = f"{counted(gaps, 'major gap takes', 'major gaps take')} further points off." if gaps else ""
    return _group(f"{detail.detected} of {detail.required} heard", items, note=note)


def _link(link: LinkEntry, line: Timeline, number: int) -> Item:
    return Item(
        verdict=verdicts.HEARD if link.detected else verdicts.NOT_HEARD,
        label=clause(link.description) or link.id,
        citations=link.citations,
        credited=link.detected,
        marked=link.evidence if link.detected else (),
        moments=moments(link, line, number=number) if link.detected else places(link, line, quoted=False),
        looked=not link.detected,
        note="Major gap" if link.major and not link.detected else "",
        number=number,
        key=f"link:{link.id}",
    )


def _summary(details: DetailedResults, line: Timeline, number: int) -> Group:
    detail = details.summary
    if detail.source == "none":
        nothing = Item(verdicts.NOT_HEARD, "A summary, written or spoken", detail.citations, number=number, key=LENGTH)
        marks = (_element(element, line, place) for place, element in enumerate(detail.elements, number + 1))
        return _group("no summary", (nothing, *marks))
    checkable = [element for element in detail.elements if element.checkable]
    matched = sum(bool(element.matched) for element in checkable)
    elements = (_element(element, line, place) for place, element in enumerate(detail.elements, number + 1))
    tally = f"{matched} of {len(checkable)} elements, {counted(detail.tokens, 'word')}"
    return _group(tally, (_length(detail, line, number), *elements))


def _length(detail: SummaryDetail, line: Timeline, number: int) -> Item:
    return Item(
        verdict=verdicts.SUCCINCT if detail.tokens <= detail.max_tokens else verdicts.TOO_LONG,
        label=f"{counted(detail.tokens, 'word')}, at most {detail.max_tokens}",
        citations=detail.citations,
        credited=detail.tokens <= detail.max_tokens,
        moments=places(detail, line, quoted=False),
        facts=(
            Fact("Judged", "the written summary" if detail.source == "submitted" else "the spoken summary"),
            Fact("Succinctness", percent_text(detail.succinctness)),
        ),
        number=number,
        key=LENGTH,
    )


def _element(element: ElementEntry, line: Timeline, number: int) -> Item:
    found = f"{element.count} found, {element.min_count} expected" if element.min_count is not None else ""
    return Item(
        verdict=_element_verdict(element),
        label=clause(element.description) or element.id,
        citations=element.citations,
        credited=bool(element.matched),
        marked=element.evidence,
        moments=moments(element, line, number=number),
        note=found if element.checkable else "Needs a person's judgement; left out of the score",
        number=number,
        key=f"element:{element.id}",
    )


def _element_verdict(element: ElementEntry) -> Verdict:
    if element.matched is None:
        return verdicts.TO_MARK
    return verdicts.PRESENT if element.matched else verdicts.ABSENT


def _communication(details: DetailedResults, line: Timeline, number: int) -> Group:
    rules = details.communication.rules
    items = (_rule(rule, line, place) for place, rule in enumerate(rules, number))
    return _group(f"{sum(rule.met for rule in rules)} of {len(rules)} met" if rules else "no rules", items)


def _rule(rule: RuleEntry, line: Timeline, number: int) -> Item:
    return Item(
        verdict=verdicts.MET if rule.met else verdicts.NOT_MET,
        label=clause(rule.description) or rule.kind.replace("_", " "),
        citations=rule.citations,
        credited=rule.met,
        marked=rule.evidence,
        moments=moments(rule, line, number=number),
        note=_measured(rule),
        facts=(Fact("Counts", short_number(rule.weight)),),
        number=number,
        key=f"rule:{rule.id}",
    )


def _measured(rule: RuleEntry) -> str:
    """“26 % open questions among all; at least 30 %”."""
    wanted = " and ".join(_bounds(rule))
    if rule.measure is None:
        return f"Nothing to measure; {wanted}" if wanted else "Nothing to measure"
    measure = f"{_amount(rule.kind, rule.measure)} {_MEASURES.get(rule.kind, '')}".strip()
    return f"{measure}; {wanted}" if wanted else measure


def _bounds(rule: RuleEntry) -> Iterator[str]:
    words = {"min": "at least", "min_count": "at least", "max": "at most", "max_count": "at most"}
    for name, value in rule.bounds.items():
        yield f"{words[name]} {_amount(rule.kind, Decimal(value))}"


def _amount(kind: str, value: Decimal) -> str:
    return percent_text(value) if kind in _RATIOS else short_number(value)


_BUILDERS: dict[str, Callable[[DetailedResults, Timeline, int], Group]] = {
    "structure": _structure,
    "key_questions": _key_questions,
    "reasoning": _reasoning,
    "summary": _summary,
    "communication": _communication,
}
