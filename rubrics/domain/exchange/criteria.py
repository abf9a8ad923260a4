"""A rubric as a list of criteria with levels: what Canvas and CASE have in common.

Each item becomes a criterion worth its share of 100 points. Its anchor, part and mark stand in the criterion's
description, what it is recognised by in that of the highest level; so a file of ours can be read back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from rubrics.domain.document import MAX_ITEMS, RubricDocument
from rubrics.domain.errors import Malformed
from rubrics.domain.qa.words import words

POINTS = Decimal(100)
_PLACES = Decimal("0.0001")
MAX_CRITERIA = 5 * MAX_ITEMS + 2
"""Every list of a rubric full, with its order and its length of summary."""
_DESCRIBED = re.compile(
    r"(?P<anchor>#\S+) · (?P<part>[a-z ]+?)(?:, (?P<mark>critical|major))?(?: · (?P<more>.*))?", re.DOTALL
)
_ORDER = " → "


@dataclass(frozen=True, slots=True)
class Level:
    name: str
    description: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Criterion:
    """part: `key question` and so on, "" for one that is not ours. more: the part's own number or order."""

    name: str
    part: str
    anchor: str
    levels: tuple[Level, ...]
    mark: str = ""
    more: str = ""
    partial: bool = False
    notes: str = ""

    @property
    def described(self) -> str:
        part = f"{self.part}, {self.mark}" if self.mark else self.part
        return " · ".join(piece for piece in (self.anchor, part, self.more) if piece) if self.part else self.notes

    @property
    def points(self) -> Decimal:
        return max((level.points for level in self.levels), default=Decimal(0))


def described(name: str, description: str, levels: Sequence[Level], *, partial: bool) -> Criterion:
    """A criterion from a file: one of ours when its description says so."""
    match = _DESCRIBED.fullmatch(description.strip())
    if match is None or match["part"] not in _READERS:
        return Criterion(name, "", "", tuple(levels), partial=partial, notes=description.strip())
    return Criterion(
        name, match["part"], match["anchor"], tuple(levels), match["mark"] or "", match["more"] or "", partial=partial
    )


def criteria_of(rubric: RubricDocument) -> Iterator[Criterion]:
    """In the order of the document."""
    weights = rubric.weights
    order = _ORDER.join(rubric.structure.expected_order)
    yield _criterion(
        "Order of the sections", "structure", rubric.structure.anchor, weights.structure, more=order, partial=True
    )
    yield from _question_criteria(rubric)
    links = rubric.reasoning.required_links
    for link in links:
        how, mark = f"Pattern: {link.pattern}", "major" if link.major else ""
        yield _criterion(
            link.description or link.id, "reasoning", link.anchor, weights.reasoning / len(links), how=how, mark=mark
        )
    yield from _summary_criteria(rubric)
    yield from _rule_criteria(rubric)


def _question_criteria(rubric: RubricDocument) -> Iterator[Criterion]:
    weights, policy = rubric.weights, rubric.key_questions_policy
    worth = {True: policy.critical_weight, False: policy.noncritical_weight}
    total = sum((worth[question.critical] for question in rubric.key_questions), Decimal(0))
    for question in rubric.key_questions:
        share = weights.key_questions * worth[question.critical] / total if total else Decimal(0)
        mark = "critical" if question.critical else ""
        yield _criterion(
            question.label, "key question", question.anchor, share, how=_phrases(question.phrases), mark=mark
        )


def _rule_criteria(rubric: RubricDocument) -> Iterator[Criterion]:
    rules = rubric.communication.rules
    total = sum((rule.weight for rule in rules), Decimal(0))
    for rule in rules:
        share = rubric.weights.communication * rule.weight / total if total else Decimal(0)
        yield _criterion(
            rule.description or rule.id, "communication", rule.anchor, share, how=_fields(rule), more=rule.kind.value
        )


def _summary_criteria(rubric: RubricDocument) -> Iterator[Criterion]:
    """Half for brevity and half for the elements, as it is graded."""
    half = rubric.weights.summary / 2
    limit = f"{rubric.summary.max_tokens} words"
    elements = rubric.summary.required_elements
    whole = half if elements else rubric.weights.summary
    yield _criterion("Length of the summary", "summary", rubric.summary.anchor, whole, more=limit, partial=True)
    for element in elements:
        name = element.description or element.id
        yield _criterion(name, "summary element", element.anchor, half / len(elements), how=_fields(element))


def _criterion(
    name: str,
    part: str,
    anchor: str,
    share: Decimal,
    *,
    how: str = "",
    mark: str = "",
    more: str = "",
    partial: bool = False,
) -> Criterion:
    points = (share * POINTS).quantize(_PLACES)
    levels = (Level("Full marks", how, points), Level("No marks", "", Decimal(0)))
    return Criterion(name, part, anchor, levels, mark, more, partial)


def _phrases(phrases: Sequence[str]) -> str:
    return "\n".join(["Phrases:", *phrases])


def _fields(item: Any) -> str:
    """What the item is recognised by, a line a field; phrases last."""
    named = item.model_dump(exclude_unset=True, exclude={"id", "anchor", "description", "phrases"}, exclude_none=True)
    lines = [f"{key.replace('_', ' ').capitalize()}: {value}" for key, value in named.items()]
    return "\n".join([*lines, *([_phrases(item.phrases)] if item.phrases else [])])


@dataclass(slots=True)
class _Building:
    """The document while criteria are read into it."""

    document: dict[str, Any]
    points: dict[str, Decimal] = field(default_factory=dict)
    question_points: dict[bool, Decimal] = field(default_factory=dict)
    losses: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def earn(self, component: str, criterion: Criterion) -> None:
        self.points[component] = self.points.get(component, Decimal(0)) + criterion.points

    def identity(self, criterion: Criterion, start: str) -> dict[str, str]:
        """Id and anchor: those of the file, else made of the name's words."""
        base = criterion.anchor.rpartition(".")[2] or "_".join(words(criterion.name)[:5])[:60] or "item"
        names = (base if n == 1 else f"{base}_{n}" for n in range(1, len(self.ids) + 2))
        identifier = next(name for name in names if name not in self.ids)
        self.ids.add(identifier)
        return {"id": identifier, "anchor": criterion.anchor or f"{start}{identifier}"}


def document_of(*, rubric_id: str, title: str, criteria: Sequence[Criterion]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A document made of criteria, and what of them has no place in it. Raises Malformed for none or too many."""
    if not 0 < len(criteria) <= MAX_CRITERIA:
        raise Malformed(f"The file holds {len(criteria)} criteria; a rubric has between 1 and {MAX_CRITERIA}.")
    building = _Building(_frame(rubric_id, title))
    for criterion in criteria:
        _READERS.get(criterion.part, _read_foreign)(building, criterion)
    _weigh(building)
    return building.document, tuple(building.losses)


def _frame(rubric_id: str, title: str) -> dict[str, Any]:
    return {
        "rubric_id": rubric_id,
        "version": "1.0.0",
        "title": title[:300],
        "weights": {},
        "structure": {"anchor": "#R.structure", "expected_order": ["CC", "HPI", "ROS", "PMH", "SH", "FH", "Summary"]},
        "key_questions": [],
        "key_questions_policy": {"anchor": "#R.key_questions"},
        "reasoning": {"anchor": "#R.reasoning", "required_links": []},
        "summary": {"anchor": "#R.summary", "max_tokens": 100, "required_elements": []},
        "communication": {"anchor": "#R.communication", "rules": []},
    }


def _read_structure(building: _Building, criterion: Criterion) -> None:
    order = [label for label in criterion.more.split(_ORDER) if label.strip()]
    structure = building.document["structure"]
    structure["anchor"] = criterion.anchor
    structure["expected_order"] = order or structure["expected_order"]
    building.earn("structure", criterion)


def _read_question(building: _Building, criterion: Criterion) -> None:
    how = _read_fields(criterion)
    critical = criterion.mark == "critical"
    item = {**building.identity(criterion, "#Q."), "label": criterion.name, "critical": critical}
    building.document["key_questions"].append({**item, "phrases": how.get("phrases") or [criterion.name[:300]]})
    building.question_points.setdefault(critical, criterion.points)
    building.earn("key_questions", criterion)


def _read_link(building: _Building, criterion: Criterion) -> None:
    item = {**building.identity(criterion, "#R.reason."), "description": criterion.name}
    pattern = _read_fields(criterion).get("pattern", "")
    link = {**item, "pattern": pattern, "major": criterion.mark == "major"}
    building.document["reasoning"]["required_links"].append(link)
    building.earn("reasoning", criterion)


def _read_length(building: _Building, criterion: Criterion) -> None:
    limit = re.match(r"(\d{1,5}) words", criterion.more)
    building.document["summary"]["anchor"] = criterion.anchor
    if limit is not None:
        building.document["summary"]["max_tokens"] = int(limit[1])
    building.earn("summary", criterion)


def _read_element(building: _Building, criterion: Criterion) -> None:
    item = {**building.identity(criterion, "#R.summary.req."), "description": criterion.name, **_read_fields(criterion)}
    building.document["summary"]["required_elements"].append(item)
    building.earn("summary", criterion)


def _read_rule(building: _Building, criterion: Criterion) -> None:
    named = {**building.identity(criterion, "#C."), "description": criterion.name, "kind": criterion.more}
    building.document["communication"]["rules"].append({**named, **_read_fields(criterion)})
    building.earn("communication", criterion)


def _read_foreign(building: _Building, criterion: Criterion) -> None:
    """A criterion of another program becomes a question that is asked or not, recognised by its own name."""
    name = " ".join(criterion.name.split())[:500] or "Unnamed criterion"
    item = {**building.identity(criterion, "#Q."), "label": name, "critical": False, "phrases": [name[:300]]}
    building.document["key_questions"].append(item)
    building.question_points.setdefault(False, criterion.points)
    building.earn("key_questions", criterion)
    if criterion.notes or any(level.description for level in criterion.levels):
        building.losses.append(
            f"“{name[:100]}” is asked or not here: its description and the descriptions of its {len(criterion.levels)} "
            "levels were left out. Add phrases that students use."
        )
    if criterion.points != building.question_points[False]:
        building.losses.append(
            f"“{name[:100]}” was worth {criterion.points.normalize():f} points; questions weigh alike here."
        )


_NUMBERS = frozenset({"min", "max", "min_count", "max_count", "weight"})
_TEXTS = frozenset({"pattern", "kind"})


def _read_fields(criterion: Criterion) -> dict[str, Any]:
    """What `_fields` and `_phrases` wrote. A line that is neither is left alone: it is somebody's remark."""
    lines = criterion.levels[0].description.split("\n") if criterion.levels else []
    found: dict[str, Any] = {}
    for index, line in enumerate(lines):
        key, colon, value = line.partition(":")
        name = key.strip().casefold().replace(" ", "_")
        if name == "phrases" and colon:
            found["phrases"] = [phrase.strip() for phrase in lines[index + 1 :] if phrase.strip()]
            break
        if name in _TEXTS:
            found[name] = (
                "\n".join([value[1:], *lines[index + 1 :]])
                if name == "pattern" and index == len(lines) - 1
                else value[1:]
            )
        elif name in _NUMBERS:
            found[name] = _number(value)
    return found


def _number(text: str) -> Any:
    try:
        value = Decimal(text.strip())
    except InvalidOperation as error:
        raise Malformed(f"“{text.strip()[:40]}” is not a number.") from error
    return int(value) if value.is_finite() and value == value.to_integral_value() else value


def _weigh(building: _Building) -> None:
    total = sum(building.points.values(), Decimal(0))
    names = ("structure", "key_questions", "reasoning", "summary", "communication")
    building.document["weights"] = {
        name: (building.points.get(name, Decimal(0)) / total).quantize(_PLACES).normalize() if total else Decimal(0)
        for name in names
    }
    points = building.question_points
    if points.get(True) and points.get(False):
        ratio = (points[True] / points[False]).quantize(Decimal("0.01")).normalize()
        building.document["key_questions_policy"] |= {"critical_weight": ratio, "noncritical_weight": 1}


_READERS = {
    "structure": _read_structure,
    "key question": _read_question,
    "reasoning": _read_link,
    "summary": _read_length,
    "summary element": _read_element,
    "communication": _read_rule,
}


def slug_of(text: str) -> str:
    """A name for a rubric that came without one.

    >>> slug_of("Ankle injury (spring)")
    'ankle_injury_spring'
    """
    ascii_words = (re.sub(r"[^a-z0-9]", "", word) for word in words(text))
    return "_".join(word for word in ascii_words if word)[:90] or "imported_rubric"
