"""How the student spoke with the patient (contract 6.6, docs/algorithms/communication.md).

A rule bounds one measure; it is met when the measure lies within its bounds, or when there was nothing to measure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rubrics.domain.document import Communication, CommunicationRule, RuleKind
from rubrics.domain.patterns import find_shortest
from scoring.domain.conversation import conversation_of
from scoring.domain.evidence import Evidence
from scoring.domain.formulas import weighted_share
from scoring.domain.measures import (
    Measured,
    empathy_after_distress,
    jargon,
    open_question_ratio,
    summarising_back,
    talk_share,
    transitions,
)
from scoring.domain.segmentation.section import Section
from scoring.domain.summary import find_phrase
from scoring.domain.transcript.model import Speaker, Utterance

MAX_EVIDENCE = 10
_RATIOS = frozenset({RuleKind.OPEN_QUESTION_RATIO, RuleKind.TALK_SHARE, RuleKind.EMPATHY_AFTER_DISTRESS})


@dataclass(frozen=True, slots=True)
class RuleResult:
    """measure: a ratio in [0, 1] or a count; None when there was nothing to measure, and then the rule is met."""

    rule: CommunicationRule
    measure: Fraction | None
    met: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class CommunicationScore:
    """measures: every measure by its kind, whether a rule asks for it or not."""

    score: Fraction
    rules: tuple[RuleResult, ...]
    measures: Mapping[str, Fraction | None]


def score_communication(
    communication: Communication, utterances: Sequence[Utterance], sections: Sequence[Section | None]
) -> CommunicationScore:
    """score = sum of the weights of the rules met / sum of all weights; no rules, or none that weighs anything: 1."""
    measured = measure(utterances, sections)
    spoken = [u for u in utterances if u.speaker is Speaker.STUDENT]
    results = tuple(_judge(rule, measured, spoken) for rule in communication.rules)
    return CommunicationScore(
        score=weighted_share((Fraction(result.rule.weight), result.met) for result in results),
        rules=results,
        measures={kind.value: measured[kind].value for kind in RuleKind if kind in measured},
    )


def measure(utterances: Sequence[Utterance], sections: Sequence[Section | None]) -> Mapping[RuleKind, Measured]:
    """Every measure that needs no rule, whatever the rubric asks for."""
    talk = conversation_of(utterances, sections)
    recapped = frozenset(u.turn for u, section in zip(utterances, sections, strict=True) if section is Section.SUMMARY)
    return {
        RuleKind.OPEN_QUESTION_RATIO: open_question_ratio(talk),
        RuleKind.TALK_SHARE: talk_share(talk),
        RuleKind.EMPATHY_AFTER_DISTRESS: empathy_after_distress(talk),
        RuleKind.JARGON: jargon(talk),
        RuleKind.SUMMARISING_BACK: summarising_back(talk, recapped),
        RuleKind.TRANSITIONS: transitions(talk),
    }


def _judge(rule: CommunicationRule, measured: Mapping[RuleKind, Measured], spoken: Sequence[Utterance]) -> RuleResult:
    if rule.kind is RuleKind.PATTERN:
        found = _occurrences(spoken, lambda text: find_shortest(rule.pattern or "", text))
    elif rule.kind is RuleKind.PHRASES:
        found = _occurrences(spoken, lambda text: find_phrase(rule.phrases or (), text))
    else:
        found = measured[rule.kind]
    value = Fraction(found.count) if _bounds_count(rule) and found.count is not None else found.value
    return RuleResult(rule, value, met=_met(rule, found), evidence=found.evidence[:MAX_EVIDENCE])


def _occurrences(spoken: Sequence[Utterance], find: Callable[[str], tuple[int, int] | None]) -> Measured:
    """Utterances in which something is found, each once."""
    spans = ((utterance, find(utterance.text)) for utterance in spoken)
    evidence = tuple(Evidence(utterance.turn, *span) for utterance, span in spans if span is not None)
    return Measured(Fraction(len(evidence)), len(evidence), evidence)


def _bounds_count(rule: CommunicationRule) -> bool:
    """A ratio's rule that states only counts bounds what the ratio counts."""
    states_count = rule.min_count is not None or rule.max_count is not None
    return rule.kind in _RATIOS and states_count and rule.min is None and rule.max is None


def _met(rule: CommunicationRule, found: Measured) -> bool:
    if rule.kind not in _RATIOS:
        return _within(found.count, *_count_bounds(rule))
    return _within(found.value, rule.min, rule.max) and _within(found.count, rule.min_count, rule.max_count)


def _count_bounds(rule: CommunicationRule) -> tuple[int | None, int | None]:
    """At least 1, or for jargon at most 0, unless the rule states a bound of its own."""
    if rule.min_count is not None or rule.max_count is not None:
        return rule.min_count, rule.max_count
    return (None, 0) if rule.kind is RuleKind.JARGON else (1, None)


def _within(value: Fraction | int | None, low: Decimal | int | None, high: Decimal | int | None) -> bool:
    if value is None:
        return True
    return (low is None or value >= Fraction(low)) and (high is None or value <= Fraction(high))
