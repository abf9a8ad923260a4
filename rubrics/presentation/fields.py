"""The fields of each part of a rubric, in the words of the people who fill them in.

One table: the form is drawn from it, and what comes back is read by it. Every field of the document stands here but the
lists of items, which have forms of their own; a test walks the schema and fails on a field that is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rubrics.domain.document import ElementKind, PenaltyKind, RuleKind
from rubrics.domain.parts import LISTS, SECTIONS


class Widget(StrEnum):
    LINE = "line"
    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    WHOLE = "whole"
    FLAG = "flag"
    CHOICE = "choice"
    LINES = "lines"
    ROWS = "rows"
    WORDINGS = "wordings"


Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field. help: what it does to a grade. technical: folded away, most authors never need it.

    when: (field, values); the field matters only while that other field has one of those values.
    """

    name: str
    label: str
    widget: Widget = Widget.LINE
    help: str = ""
    required: bool = False
    choices: Choices = ()
    low: str = ""
    high: str = ""
    step: str = "0.01"
    technical: bool = False
    when: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """kind: what one such part is called. adds: the list that new items are added to here."""

    kind: str
    intro: str
    fields: tuple[Field, ...]
    adds: str = ""
    add_label: str = ""
    add_example: str = ""


_ANCHOR = Field(
    "anchor",
    "Anchor",
    help="Gradings cite this address. It begins with # and is used once.",
    required=True,
    technical=True,
)
_ID = Field("id", "Identifier", help="Results and exports name the item so.", required=True, technical=True)
_KIND_OF_PENALTY: Choices = (
    ("", "Read it from the identifier"),
    (PenaltyKind.MISSING.value, "A section is missing"),
    (PenaltyKind.ORDER.value, "A section comes too early"),
)
_KIND_OF_ELEMENT: Choices = (
    ("", "Read it from the description, else faculty mark it"),
    (ElementKind.PHRASES.value, "One of these phrases is in the summary"),
    (ElementKind.PATTERN.value, "A pattern is found in the summary"),
    (ElementKind.POSITIVE_FINDINGS.value, "So many findings that are present"),
    (ElementKind.NEGATIVE_FINDINGS.value, "So many findings that are absent"),
)
_KIND_OF_RULE: Choices = (
    (RuleKind.OPEN_QUESTION_RATIO.value, "Share of open questions"),
    (RuleKind.TALK_SHARE.value, "Share of the talking done by the student"),
    (RuleKind.EMPATHY_AFTER_DISTRESS.value, "Distress answered with empathy"),
    (RuleKind.JARGON.value, "Technical terms left unexplained"),
    (RuleKind.SUMMARISING_BACK.value, "Tells the patient back what was heard"),
    (RuleKind.TRANSITIONS.value, "Says where the interview goes next"),
    (RuleKind.PHRASES.value, "Says one of these phrases"),
    (RuleKind.PATTERN.value, "A pattern is found"),
)
_RATIOS = (RuleKind.OPEN_QUESTION_RATIO.value, RuleKind.TALK_SHARE.value, RuleKind.EMPATHY_AFTER_DISTRESS.value)
_COUNTS = tuple(kind.value for kind in RuleKind if kind.value not in _RATIOS[:2])
_PATTERN_HELP = "RE2, upper and lower case alike; .* crosses lines. Write \\bCT\\b for the word CT alone."
_WEIGHTS = (
    ("structure", "Structure", "the order of the interview"),
    ("key_questions", "Key questions", "what was asked"),
    ("reasoning", "Reasoning", "lines of thought heard"),
    ("summary", "Summary", "short and complete"),
    ("communication", "Communication", "how it was asked"),
)

_ALL: Mapping[str, Form] = {
    "about": Form(
        "About this rubric",
        "What colleagues read when they choose a rubric. Nothing here changes a grade.",
        (
            Field("title", "Title", help="For instance “Ankle injury”."),
            Field("specialty", "Specialty", help="Colleagues filter the library by it."),
            Field(
                "description", "Description", Widget.TEXT, "The encounter, for whom, and what a good one looks like."
            ),
        ),
    ),
    "weights": Form(
        "Weights",
        "The share of each part in the overall score. Together they make 1.",
        tuple(
            Field(name, label, Widget.NUMBER, hint, required=True, low="0", high="1") for name, label, hint in _WEIGHTS
        ),
    ),
    "structure": Form(
        "Structure",
        "The sections a good interview passes through, in order. The score is the share heard in that order, less "
        "what the penalties take off.",
        (
            Field(
                "expected_order",
                "Expected order",
                Widget.ROWS,
                "One section a row. An empty row is left out.",
                required=True,
            ),
            _ANCHOR,
        ),
        "structure.penalties",
        "Add a penalty",
        "Summary is missing",
    ),
    "structure.penalties": Form(
        "Penalty",
        "Points taken off the structure score when this happens.",
        (
            Field("description", "What happens", help="Faculty read this; the feedback says it in kinder words."),
            Field(
                "value",
                "Points taken off",
                Widget.NUMBER,
                "Between -1 and 0; -0.2 takes a fifth.",
                required=True,
                low="-1",
                high="0",
            ),
            Field("kind", "When it applies", Widget.CHOICE, choices=_KIND_OF_PENALTY),
            Field(
                "section",
                "Section",
                help="As it is written in the expected order.",
                when=("kind", ("missing", "order")),
            ),
            Field(
                "before",
                "Should come first",
                help="The section that it must not come before.",
                when=("kind", ("order",)),
            ),
            _ID,
            _ANCHOR,
        ),
    ),
    "key_questions_policy": Form(
        "Key questions",
        "What the student should ask, in any wording. The score is the weight of what was asked over that of all.",
        (
            Field(
                "critical_weight",
                "A critical question counts",
                Widget.NUMBER,
                "2: counts double, asked or missed.",
                low="0",
                high="1000",
                step="0.5",
            ),
            Field("noncritical_weight", "Any other question counts", Widget.NUMBER, low="0", high="1000", step="0.5"),
            Field(
                "coverage_threshold",
                "Enough is asked from",
                Widget.NUMBER,
                "Below this share the feedback says so; no points are taken.",
                low="0",
                high="1",
            ),
            Field(
                "matching_threshold",
                "Sure enough to count as asked",
                Widget.NUMBER,
                "Empty: the engine's own, calibrated on annotated interviews.",
                low="0",
                high="1",
                technical=True,
            ),
            _ANCHOR,
        ),
        "key_questions",
        "Add a question",
        "Could you walk on it afterwards?",
    ),
    "key_questions": Form(
        "Key question",
        "Counted as asked when the student asks about it in any wording, alone or inside a list.",
        (
            Field(
                "label",
                "What should be asked",
                help="Written as a question; students read it in their feedback.",
                required=True,
            ),
            Field("critical", "Critical: must not be missed, and counts more", Widget.FLAG),
            Field(
                "phrases",
                "Ways a student may say it",
                Widget.LINES,
                "One a line. A handful of different wordings helps most.",
                required=True,
            ),
            _ID,
            _ANCHOR,
        ),
    ),
    "reasoning": Form(
        "Reasoning",
        "Lines of thought to be heard in the summary, the assessment or the plan. The score is the share heard.",
        (
            Field(
                "major_gap_penalty",
                "Each missing major line takes off",
                Widget.NUMBER,
                "Between -1 and 0.",
                low="-1",
                high="0",
            ),
            _ANCHOR,
        ),
        "reasoning.required_links",
        "Add a line of reasoning",
        "Bony tenderness → radiograph",
    ),
    "reasoning.required_links": Form(
        "Line of reasoning",
        "Heard when the pattern is found in what the student says, in one to three turns on end.",
        (
            Field("description", "What should be said", help="Students read it in their feedback."),
            Field("major", "Major: missing it takes off more", Widget.FLAG),
            Field("pattern", "Pattern that finds it", Widget.CODE, _PATTERN_HELP, required=True),
            _ID,
            _ANCHOR,
        ),
    ),
    "summary": Form(
        "Summary",
        "Half of the score is for a short summary, half for what is in it.",
        (
            Field(
                "max_tokens",
                "Words that are enough",
                Widget.WHOLE,
                "Between 40 and 120 is usual.",
                required=True,
                low="1",
                high="10000",
                step="1",
            ),
            Field(
                "overflow_divisor",
                "Words over until nothing is left",
                Widget.NUMBER,
                "20: each word over takes a twentieth.",
                low="0.01",
                high="10000",
                step="1",
            ),
            _ANCHOR,
        ),
        "summary.required_elements",
        "Add an element",
        "At least 2 positive findings",
    ),
    "summary.required_elements": Form(
        "Element of the summary",
        "Something a complete summary holds. What no machine can check is left out of the score and faculty mark it.",
        (
            Field("description", "What it should hold", help="Students read it in their feedback."),
            Field("kind", "How it is checked", Widget.CHOICE, choices=_KIND_OF_ELEMENT),
            Field(
                "phrases", "Phrases", Widget.LINES, "One a line; one of them is enough.", when=("kind", ("phrases", ""))
            ),
            Field("pattern", "Pattern", Widget.CODE, _PATTERN_HELP, when=("kind", ("pattern", ""))),
            Field(
                "min_count",
                "At least so many",
                Widget.WHOLE,
                low="1",
                high="100",
                step="1",
                when=("kind", ("positive_findings", "negative_findings", "")),
            ),
            _ID,
            _ANCHOR,
        ),
    ),
    "vocabulary": Form(
        "Words of this rubric",
        "Words that mean the same here, such as a drug and its brand names. The engine then takes one for the other.",
        (
            Field(
                "vocabulary",
                "Words and what else they are called",
                Widget.WORDINGS,
                "One a line: the word, a colon, then the others with semicolons. apixaban: Eliquis; blood thinner",
            ),
        ),
    ),
    "communication": Form(
        "Communication",
        "How the student spoke with the patient. Its share of the total stands under Weights.",
        (
            Field(
                "weight",
                "Weight, repeated",
                Widget.NUMBER,
                "Only for documents that carry it; must equal the share under Weights. Empty is best.",
                low="0",
                high="1",
                technical=True,
            ),
            _ANCHOR,
        ),
        "communication.rules",
        "Add a rule",
        "Asks what worries the patient most",
    ),
    "communication.rules": Form(
        "Communication rule",
        "Met when what is measured lies within its bounds.",
        (
            Field("description", "What good looks like", help="Students read it in their feedback."),
            Field("kind", "What is measured", Widget.CHOICE, required=True, choices=_KIND_OF_RULE),
            Field("min", "At least", Widget.NUMBER, "A share, 0 to 1.", low="0", high="1", when=("kind", _RATIOS)),
            Field("max", "At most", Widget.NUMBER, "A share, 0 to 1.", low="0", high="1", when=("kind", _RATIOS)),
            Field(
                "min_count",
                "At least so often",
                Widget.WHOLE,
                "Empty: once, or for jargon not at all.",
                low="0",
                high="1000",
                step="1",
                when=("kind", _COUNTS),
            ),
            Field(
                "max_count", "At most so often", Widget.WHOLE, low="0", high="1000", step="1", when=("kind", _COUNTS)
            ),
            Field("phrases", "Phrases", Widget.LINES, "One a line, as whole words.", when=("kind", ("phrases",))),
            Field("pattern", "Pattern", Widget.CODE, _PATTERN_HELP, when=("kind", ("pattern",))),
            Field("weight", "Counts", Widget.NUMBER, "1: as much as any other rule.", low="0", high="1000", step="0.5"),
            _ID,
            _ANCHOR,
        ),
    ),
}

FORMS: Mapping[str, Form] = {path: form for path, form in _ALL.items() if path in (*SECTIONS, *LISTS)}
"""By section, or by the list that an item lies in."""
