"""The words of the feedback: one table, one row a finding, one column a style.

Placeholders are filled from the rubric and from verbatim quotations, never from anywhere else. Sentences speak to the
student, name the next step, and stay kind: they are read the evening after an exam.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from scoring.domain.segmentation.section import Section
from scoring.domain.structure_labels import section_named
from scoring.domain.terms import Style

MAX_QUOTE = 160

SENTENCES: dict[str, dict[Style, str]] = {
    "section_missing": {
        Style.CONSTRUCTIVE: "Next time, make room for the {section}: it was not heard in this encounter.",
        Style.DETAILED: "The {section} was not heard. The station expects the order {expected}.{cost}",
        Style.CONCISE: "Missing: {section}.",
    },
    "section_before": {
        Style.CONSTRUCTIVE: "Try to finish the {before} before you turn to the {section}; here it came first.",
        Style.DETAILED: "The {section} came before the {before}. The station expects the order {expected}.{cost}",
        Style.CONCISE: "Order: {section} before {before}.",
    },
    "section_late": {
        Style.CONSTRUCTIVE: "The {section} came out of its usual place; a steady order helps you miss nothing.",
        Style.DETAILED: "The {section} came later than expected. The station expects the order {expected}.{cost}",
        Style.CONCISE: "Order: {section} out of place.",
    },
    "sections_in_order": {
        Style.CONSTRUCTIVE: "You kept a clear order: {found}.",
        Style.DETAILED: "{count} of {total} sections came in the expected order: {found}.",
        Style.CONCISE: "In order: {found}.",
    },
    "coverage_low": {
        Style.CONSTRUCTIVE: "You covered {coverage} of the key questions by weight; aim for at least {threshold}.",
        Style.DETAILED: "Weighted coverage of the key questions is {coverage}, below the station's {threshold}.",
        Style.CONCISE: "Coverage {coverage}, expected {threshold}.",
    },
    "critical_question_missed": {
        Style.CONSTRUCTIVE: "Be sure to ask this one, it is essential here: “{label}”",
        Style.DETAILED: "Essential question not heard: “{label}” It counts {weight} in the coverage.",
        Style.CONCISE: "Missed, critical: “{label}”",
    },
    "question_missed": {
        Style.CONSTRUCTIVE: "Consider asking next time: “{label}”",
        Style.DETAILED: "Question not heard: “{label}” It counts {weight} in the coverage.",
        Style.CONCISE: "Missed: “{label}”",
    },
    "question_unclear": {
        Style.CONSTRUCTIVE: "Not clear whether you asked “{label}” You said: “{quote}” Faculty look at this first.",
        Style.DETAILED: "Too close to call, not credited: “{label}” You said: “{quote}” Confidence {confidence}.",
        Style.CONCISE: "Unclear: “{label}”",
    },
    "question_asked": {
        Style.CONSTRUCTIVE: "You asked “{label}” in your words: “{quote}”",
        Style.DETAILED: "Asked: “{label}” You said: “{quote}” It counts {weight}; confidence {confidence}.",
        Style.CONCISE: "Asked: “{label}”",
    },
    "link_missing": {
        Style.CONSTRUCTIVE: "Say this line of reasoning aloud: {description}.",
        Style.DETAILED: "Reasoning not heard: {description}.{major}",
        Style.CONCISE: "Reasoning missing: {description}.",
    },
    "link_found": {
        Style.CONSTRUCTIVE: "Your reasoning was heard ({description}): “{quote}”",
        Style.DETAILED: "Reasoning credited: {description}. You said: “{quote}”",
        Style.CONCISE: "Reasoning: {description}.",
    },
    "summary_absent": {
        Style.CONSTRUCTIVE: "Close with a short summary: it shows what you understood and can be corrected.",
        Style.DETAILED: "No summary was submitted and none was heard, so this component scores 0.",
        Style.CONCISE: "No summary.",
    },
    "summary_long": {
        Style.CONSTRUCTIVE: "Tighten your summary: it has {tokens} words, and {limit} are enough here.",
        Style.DETAILED: "The summary has {tokens} words; above {limit} it loses succinctness, which is now {succinct}.",
        Style.CONCISE: "Summary too long: {tokens} words, limit {limit}.",
    },
    "summary_succinct": {
        Style.CONSTRUCTIVE: "Your summary was succinct: {tokens} words.",
        Style.DETAILED: "The summary has {tokens} words, within the limit of {limit}.",
        Style.CONCISE: "Succinct: {tokens} words.",
    },
    "element_missing": {
        Style.CONSTRUCTIVE: "Your summary will be stronger with this in it: {description}.",
        Style.DETAILED: "Not found in the summary: {description}.{found}",
        Style.CONCISE: "Summary lacks: {description}.",
    },
    "element_found": {
        Style.CONSTRUCTIVE: "Your summary included what matters ({description}): “{quote}”",
        Style.DETAILED: "Found in the summary: {description}. You said: “{quote}”{found}",
        Style.CONCISE: "Summary has: {description}.",
    },
    "rule_unmet": {
        Style.CONSTRUCTIVE: "Something to practise: {description}.",
        Style.DETAILED: "Not met: {description}. Measured {measure}; expected {bounds}.",
        Style.CONCISE: "Communication: {description}, not met.",
    },
    "rule_met": {
        Style.CONSTRUCTIVE: "Well done: {description}.",
        Style.DETAILED: "Met: {description}. Measured {measure}; expected {bounds}.",
        Style.CONCISE: "Communication: {description}, met.",
    },
}

# What a person decided otherwise than the machine; `what` is the item in the rubric's words.
SENTENCES |= {
    "examiner_credited": {
        Style.CONSTRUCTIVE: "Your examiner heard this and credited it: {what}.",
        Style.DETAILED: "Credited by your examiner: {what}.",
        Style.CONCISE: "Credited by your examiner: {what}.",
    },
    "examiner_missed": {
        Style.CONSTRUCTIVE: "Your examiner did not credit this; have it in mind next time: {what}.",
        Style.DETAILED: "Not credited by your examiner: {what}.",
        Style.CONCISE: "Not credited by your examiner: {what}.",
    },
}

COMPONENT_NAMES = {
    "structure": "structure",
    "key_questions": "key questions",
    "reasoning": "clinical reasoning",
    "summary": "summary",
    "communication": "communication",
}

_SECTION_NAMES = {
    Section.CC: "chief complaint",
    Section.HPI: "history of present illness",
    Section.ROS: "review of systems",
    Section.PMH: "past medical history",
    Section.MEDS: "medications",
    Section.ALLERGIES: "allergies",
    Section.SH: "social history",
    Section.FH: "family history",
    Section.EXAM: "examination",
    Section.SUMMARY: "summary",
    Section.ASSESSMENT: "assessment",
    Section.PLAN: "plan",
}


def sentence(finding: str, style: Style, **words: object) -> str:
    """One filled-in sentence; a placeholder that is not given is a programming error and raises KeyError."""
    return SENTENCES[finding][style].format_map(words)


def section_name(label: str) -> str:
    """A rubric's section label in words; a label of the school's own stays as it is written."""
    section = section_named(label)
    return label if section is None else _SECTION_NAMES[section]


def percent(score: Decimal) -> str:
    """A share as a percentage with at most one decimal; 0.29 is 29 %, whatever a binary float makes of it.

    >>> percent(Decimal("0.29")), percent(Decimal("0.6875"))
    ('29 %', '68.8 %')
    """
    tenths = (score * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)
    whole = tenths.to_integral_value()
    return f"{whole if tenths == whole else tenths} %"


def plain_number(value: Decimal) -> str:
    """Without trailing zeros: 2.0000 is 2.

    >>> plain_number(Decimal("2.0000")), plain_number(Decimal("0.5000"))
    ('2', '0.5')
    """
    return format(value.normalize(), "f")


def clause(text: str) -> str:
    """A rubric's description as part of a sentence: no full stop of its own, no line breaks."""
    return " ".join(text.split()).rstrip(".;:, ")


def shortened(quote: str) -> str:
    """A quotation for reading: one line, cut at a word with an ellipsis. The evidence keeps it whole."""
    line = " ".join(quote.split())
    if len(line) <= MAX_QUOTE:
        return line
    return line[:MAX_QUOTE].rsplit(" ", 1)[0] + " …"
