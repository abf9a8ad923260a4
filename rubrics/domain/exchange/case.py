"""1EdTech CASE 1.1 JSON: CFRubric, CFRubricCriterion, CFRubricCriterionLevel.

Anchors travel as the criteria's URIs (`rubric://ankle_v1#Q.onset`). Identifiers are UUIDs made of those URIs, so that
the same rubric has the same identifiers wherever it is exported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from rubrics.domain.document import RubricDocument
from rubrics.domain.errors import Malformed
from rubrics.domain.exchange.criteria import Criterion, Level, criteria_of, described, document_of, slug_of
from rubrics.domain.identity import as_json_value

MAX_LEVELS = 50


def case_rubric(rubric: RubricDocument, at: datetime) -> dict[str, Any]:
    """at: stands as lastChangeDateTime where the document has no date of its own."""
    uri = f"rubric://{rubric.rubric_id}"
    changed = (rubric.updated_at or at).isoformat()
    identifier = _uuid(uri)
    criteria = [
        _criterion_as_json(criterion, f"{uri}{criterion.anchor}", identifier, position, changed)
        for position, criterion in enumerate(criteria_of(rubric), start=1)
    ]
    return {
        "identifier": identifier,
        "uri": uri,
        "title": rubric.title or rubric.rubric_id,
        "description": rubric.description,
        "lastChangeDateTime": changed,
        "CFRubricCriteria": criteria,
    }


def _criterion_as_json(criterion: Criterion, uri: str, rubric: str, position: int, changed: str) -> dict[str, Any]:
    identifier = _uuid(uri)
    levels = [
        {
            "identifier": _uuid(f"{uri}/{number}"),
            "uri": f"{uri}/{number}",
            "description": level.description,
            "quality": level.name,
            "score": as_json_value(level.points),
            "feedback": "",
            "position": number,
            "rubricCriterionId": identifier,
            "lastChangeDateTime": changed,
        }
        for number, level in enumerate(criterion.levels, start=1)
    ]
    return {
        "identifier": identifier,
        "uri": uri,
        "category": criterion.described,
        "description": criterion.name,
        "weight": as_json_value(criterion.points),
        "position": position,
        "rubricId": rubric,
        "lastChangeDateTime": changed,
        "CFRubricCriterionLevels": levels,
    }


def _uuid(name: str) -> str:
    """A UUID of version 8 (RFC 9562: made by a rule of one's own), the same for the same name."""
    digest = hashlib.sha256(name.encode("utf-8")).hexdigest()
    return (
        f"{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-{'89ab'[int(digest[16], 16) % 4]}{digest[17:20]}-{digest[20:32]}"
    )


def is_case(parsed: object) -> bool:
    return isinstance(parsed, Mapping) and ("CFRubricCriteria" in parsed or "CFRubrics" in parsed)


def read_case(parsed: Mapping[str, Any], rubric_id: str | None) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A CFRubric, or a package that holds exactly one. Raises Malformed naming the criterion."""
    rubrics = parsed.get("CFRubrics", [parsed])
    if not isinstance(rubrics, list) or len(rubrics) != 1 or not isinstance(rubrics[0], Mapping):
        raise Malformed("The file must hold exactly one CFRubric. Split it into one file for each.")
    rubric = rubrics[0]
    listed = rubric.get("CFRubricCriteria")
    if not isinstance(listed, list):
        raise Malformed("CFRubricCriteria must be a list of criteria.")
    ordered = sorted(enumerate(listed, start=1), key=lambda pair: _position(pair[1], pair[0]))
    criteria = [_criterion(number, item) for number, item in ordered]
    title = _text(rubric, "title")
    uri = _text(rubric, "uri")
    own = uri.removeprefix("rubric://") if uri.startswith("rubric://") else ""
    document, losses = document_of(rubric_id=rubric_id or own or slug_of(title), title=title, criteria=criteria)
    description = _text(rubric, "description")
    return ({**document, "description": description[:5000]} if description else document), losses


def _criterion(number: int, item: object) -> Criterion:
    if not isinstance(item, Mapping):
        raise Malformed(f"Criterion {number} is not an object.")
    levels = item.get("CFRubricCriterionLevels") or []
    if not isinstance(levels, list) or len(levels) > MAX_LEVELS or not all(isinstance(x, Mapping) for x in levels):
        raise Malformed(f"Criterion {number}: CFRubricCriterionLevels must be a list of at most {MAX_LEVELS} levels.")
    read = [Level(_text(x, "quality"), _text(x, "description"), _score(number, x.get("score"))) for x in levels]
    read.sort(key=lambda level: -level.points)
    name = _text(item, "description") or _text(item, "category")
    return described(name, _text(item, "category"), read, partial=False)


def _score(number: int, score: object) -> Decimal:
    if score is None:
        return Decimal(0)
    if isinstance(score, bool) or not isinstance(score, int | Decimal | float) or not Decimal(str(score)).is_finite():
        raise Malformed(f"Criterion {number}: a score must be a number.")
    return Decimal(str(score))


def _position(item: object, default: int) -> int:
    position = item.get("position") if isinstance(item, Mapping) else None
    return position if isinstance(position, int) else default


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value.strip() if isinstance(value, str) else ""
