"""Forms of one part: drawn from the document, and read back into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from rubrics.domain.document import RubricDocument
from rubrics.domain.errors import FieldProblem
from rubrics.domain.parts import TOP_FIELDS, list_of
from rubrics.domain.qa import Level
from rubrics.presentation.fields import FORMS, Field, Form, Widget
from rubrics.presentation.findings import Finding, dom_id

SPARE_ROWS = 1
_MAX_NUMBER = 40
_MAX_MAGNITUDE = 12


@dataclass(frozen=True, slots=True)
class BoundField:
    """A field with what stands in it. path: dotted, as findings name it; dom_id: the same for HTML."""

    field: Field
    path: str
    value: str
    rows: tuple[str, ...]
    checked: bool
    errors: tuple[str, ...]
    findings: tuple[Finding, ...]
    hidden: bool

    @property
    def dom_id(self) -> str:
        return dom_id(self.field.name)

    @property
    def worst(self) -> str:
        if self.errors or any(finding.level is Level.ERROR for finding in self.findings):
            return "error"
        return "warning" if self.findings else ""


@dataclass(frozen=True, slots=True)
class ReadForm:
    """values: the part as JSON holds it. problems: what could not be read, by dotted path."""

    values: dict[str, Any]
    problems: tuple[FieldProblem, ...]


def form_of(path: str) -> Form:
    return FORMS[list_of(path) or path]


def document_path(path: str, name: str) -> str:
    """Where a field of a part stands in the document; some parts are no level of their own there."""
    return name if path in TOP_FIELDS else f"{path}.{name}"


def bound_fields(
    path: str, part: Mapping[str, Any], problems: Sequence[FieldProblem], findings: Sequence[Finding]
) -> tuple[BoundField, ...]:
    return tuple(_bound(path, field, part, problems, findings) for field in form_of(path).fields)


def _bound(
    path: str, field: Field, part: Mapping[str, Any], problems: Sequence[FieldProblem], findings: Sequence[Finding]
) -> BoundField:
    value, place = part.get(field.name), document_path(path, field.name)
    return BoundField(
        field=field,
        path=place,
        value=_shown(field, value, path),
        rows=(*(str(row) for row in value or ()), *("",) * SPARE_ROWS) if field.widget is Widget.ROWS else (),
        checked=bool(value),
        errors=tuple(dict.fromkeys(_worded(p.message) for p in problems if _within(p.field, place))),
        findings=tuple(finding for finding in findings if _within(finding.field, place)),
        hidden=_is_idle(field, part),
    )


def _within(field: str, place: str) -> bool:
    return field == place or field.startswith(f"{place}.")


def _is_idle(field: Field, part: Mapping[str, Any]) -> bool:
    """A field that does not matter now is hidden, unless something stands in it: nothing is kept out of sight."""
    if field.when is None or part.get(field.name) not in (None, "", []):
        return False
    other, values = field.when
    return (part.get(other) or "") not in values


def _shown(field: Field, value: Any, path: str) -> str:
    if value is None:
        return _default_of(path, field.name)
    if field.widget in (Widget.LINES, Widget.ROWS) and isinstance(value, list | tuple):
        return "\n".join(str(line) for line in value)
    if field.widget is Widget.WORDINGS and isinstance(value, list | tuple):
        return "\n".join(_wording_line(wording) for wording in value)
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return str(value)


_SHOWN_DEFAULTS: Mapping[str, str] = {
    "key_questions_policy.critical_weight": "2",
    "key_questions_policy.noncritical_weight": "1",
    "key_questions_policy.coverage_threshold": "0.7",
    "reasoning.major_gap_penalty": "0",
    "summary.overflow_divisor": "20",
    "communication.rules.weight": "1",
    "weights.communication": "0",
}


def _default_of(path: str, name: str) -> str:
    return _SHOWN_DEFAULTS.get(f"{list_of(path) or path}.{name}", "")


def read_form(path: str, posted: QueryDict, before: Mapping[str, Any]) -> ReadForm:
    """The part as it was posted. Fields left empty are not written; what the form does not name stays as it was."""
    values, problems = dict(before), []
    for field in form_of(path).fields:
        value, problem = _read(field, posted)
        if problem:
            problems.append(FieldProblem(document_path(path, field.name), problem))
        keeps_null = value is None and field.name in before and before[field.name] is None
        was_default = field.name not in before and value is not None and _is_default(path, field, value)
        if value is None and not keeps_null:
            values.pop(field.name, None)
        elif not was_default:
            values[field.name] = value
    return ReadForm(values, tuple(problems))


def _is_default(path: str, field: Field, value: Any) -> bool:
    if field.widget is Widget.FLAG:
        return value is False
    return bool(value != "" and str(value) == _default_of(path, field.name))


def _read(field: Field, posted: QueryDict) -> tuple[Any, str]:
    if field.widget is Widget.FLAG:
        return field.name in posted, ""
    if field.widget is Widget.ROWS:
        return [row for raw in posted.getlist(field.name) if (row := _clean(raw).strip())], ""
    raw = _clean(posted.get(field.name) or "")
    if field.widget is Widget.LINES:
        return [line.strip() for line in raw.split("\n") if line.strip()] or ([] if field.required else None), ""
    if field.widget is Widget.WORDINGS:
        return _wordings(raw)
    if field.widget in (Widget.NUMBER, Widget.WHOLE):
        return _number(field, raw.strip())
    text = raw if field.widget in (Widget.TEXT, Widget.CODE) else raw.strip()
    return (text if text or field.required else None), ""


def _clean(written: str) -> str:
    """Line breaks as the document has them, and none of the character that no database stores."""
    return written.replace("\r\n", "\n").replace("\x00", "")


def _wording_line(wording: Any) -> str:
    if not isinstance(wording, Mapping):
        return str(wording)
    return f"{wording.get('term', '')}: {'; '.join(str(word) for word in wording.get('synonyms', ()))}"


def _wordings(raw: str) -> tuple[Any, str]:
    """Lines without a colon are said instead of dropped; what was written stays."""
    lines = [line.strip() for line in raw.split("\n") if line.strip()]
    if any(":" not in line for line in lines):
        return raw, "Each line needs a colon between the word and what else it is called."
    parted = [line.partition(":") for line in lines]
    found = [
        {"term": term.strip(), "synonyms": [word.strip() for word in rest.split(";") if word.strip()]}
        for term, _, rest in parted
    ]
    return found or None, ""


def _number(field: Field, raw: str) -> tuple[Any, str]:
    if not raw:
        return None, "Write a number." if field.required else ""
    try:
        number = Decimal(raw.replace(",", ".").replace("−", "-")[:_MAX_NUMBER])
    except InvalidOperation:
        return raw, "Write a number, such as 0.25."
    # Turning 1e999999999 into an integer would take for ever.
    if not number.is_finite() or abs(number.adjusted()) > _MAX_MAGNITUDE:
        return raw, "Write an ordinary number."
    if number == number.to_integral_value():
        return int(number), ""
    return (raw, "Write a whole number.") if field.widget is Widget.WHOLE else (float(number), "")


_WORDED = (
    ("at least 1 character", "Write something here."),
    ("at least 1 item", "Write at least one line."),
    ("less than or equal to", "This is too high."),
    ("greater than or equal to", "This is too low."),
    ("greater than 0", "Write a number above 0."),
    ("should match pattern '^#", "An anchor begins with # and has no spaces."),
    ("should match pattern", "Letters, digits, hyphens and underscores only."),
    ("Field required", "Write something here."),
)


def _worded(message: str) -> str:
    """The schema speaks of characters and items; an author reads what to do."""
    said = next((words for sign, words in _WORDED if sign in message), message.removeprefix("Value error, "))
    return said[:1].upper() + said[1:]


def unplaced(problems: Iterable[FieldProblem], fields: Iterable[BoundField], path: str) -> tuple[str, ...]:
    """What is wrong with the part as a whole, or with another part: said above the form."""
    places = [field.path for field in fields]
    rest = (p for p in problems if not any(_within(p.field, place) for place in places))
    return tuple(
        dict.fromkeys(_worded(p.message) if _within(p.field, path) else f"{p.field}: {p.message}" for p in rest)
    )


def weight_sum(document: RubricDocument) -> Decimal:
    return sum(document.weights.model_dump().values(), Decimal(0))
