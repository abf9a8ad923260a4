"""The student's page as a PDF.

Typst sets it: one wheel without a system package, fonts and accessibility tags included. The words go in as data, so
nothing that somebody said can become markup; the same page gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst

from feedback.presentation.sentences import Sentence, SentenceSection
from feedback.presentation.student_page import StudentPage

_TEMPLATE = Path(__file__).with_name("feedback.typ")
_MARKS = {"critical": "Essential", "major": "Important", "minor": "To practise"}


def student_pdf(shown: StudentPage, *, title: str, lead: str) -> bytes:
    """title: the rubric's. lead: station, candidate and date in one line."""
    data = {
        "title": title,
        "lead": lead,
        "footer": f"{title} · {lead} · {shown.page.result.fingerprint.digest[:12]}",
        "whose": "Your score",
        "overall": shown.overall,
        "band": "" if shown.band is None else f"{shown.band.word}: {shown.band.meaning} ({shown.band.cut})",
        "summary": shown.overall_words,
        "parts": [
            {
                "title": bar.title,
                "share": _share(bar.bar),
                "score": bar.score,
                "weight": bar.weight or "not counted",
            }
            for bar in shown.bars
        ],
        "comments": [{"about": comment.about, "text": comment.text} for comment in shown.comments],
        "strengths": _told(shown.strengths),
        "steps": _told(shown.next_steps),
        "sections": [_section(section) for section in shown.sections],
    }
    return bytes(typst.compile(str(_TEMPLATE), sys_inputs={"data": json.dumps(data)}))


def _section(section: SentenceSection) -> dict[str, Any]:
    return {
        "title": section.bar.title,
        "score": section.bar.score,
        "items": _told([*section.missed, *section.done]),
    }


def _told(sentences: Iterable[Sentence]) -> list[dict[str, Any]]:
    return [
        {
            "success": sentence.success,
            "mark": "Well done" if sentence.success else _MARKS[sentence.severity],
            "text": sentence.text,
            "quote": sentence.quote,
            "moments": ", ".join(moment.when for moment in sentence.moments),
        }
        for sentence in sentences
    ]


def _share(length: str) -> float:
    """From an SVG length such as `68.75%`."""
    return float(Decimal(length.removesuffix("%")) / 100)
