"""A grading as plain text, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from feedback.domain.phrasing import COMPONENT_NAMES, percent

WIDTH = 100
_MARKS = {"success": "+", "critical": "!!", "major": "!", "minor": "-"}


def text_report(result: Mapping[str, Any], feedback: Mapping[str, Any]) -> str:
    return "\n".join([*_heading(result, feedback), *_sections(feedback), *_footer(result)])


def _heading(result: Mapping[str, Any], feedback: Mapping[str, Any]) -> Iterator[str]:
    yield f"{result['rubric_id']} {result['rubric_version']}    overall {_percent(result['overall_score'])}"
    yield ""
    yield from textwrap.wrap(feedback["overall_summary"], WIDTH)
    yield ""
    for name, part in result["score_breakdown"].items():
        yield (
            f"  {COMPONENT_NAMES[name]:<20}{_percent(part['score']):>8}"
            f"   weight {part['weight']:.2f}   contributes {part['contribution']:.4f}"
        )


def _sections(feedback: Mapping[str, Any]) -> Iterator[str]:
    for section in feedback["sections"]:
        yield ""
        yield COMPONENT_NAMES[section["category"]].upper()
        for item in section["items"]:
            mark = _MARKS[item["severity"] or item["type"]]
            yield from textwrap.wrap(f"{mark:>2} {item['text']}", WIDTH, subsequent_indent="   ")
            yield f"   {'  '.join([*item['citations']['rubric'], *item['citations']['student'][:3]])}"


def _footer(result: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    for warning in result["warnings"]:
        yield from textwrap.wrap(f"Warning, {warning['code']}: {warning['message']}", WIDTH)
    fingerprint = result["fingerprint"]
    yield f"engine {fingerprint['engine_version']}   digest {fingerprint['digest']}"


def _percent(score: float) -> str:
    return percent(Decimal(repr(score)))
