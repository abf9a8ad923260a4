"""What a new rubric can start from: a blank sheet, a general interview or presentation, any station of the library."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rubrics.domain.document import rubric_from_json
from rubrics.domain.errors import FieldProblem, NotFound
from rubrics.domain.identity import content_as_json

LIBRARY = Path(__file__).resolve().parent / "library"
GENERAL = ("blank", "history", "presentation")


@dataclass(frozen=True, slots=True)
class Template:
    """name: what `rubric_from_template` takes. general: a form to fill in rather than a finished station."""

    name: str
    title: str
    description: str
    specialty: str
    questions: int
    general: bool


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    """The general ones first, then the stations by name."""
    stations = sorted(path.stem for path in LIBRARY.glob("*.json"))
    return tuple(_template(name) for name in (*GENERAL, *stations))


def template_document(name: str) -> dict[str, Any]:
    """The content of a template. Raises NotFound for a name that `templates` does not list."""
    if name not in {template.name for template in templates()}:
        message = f"There is no template {name[:100]}. Choose one of {', '.join(t.name for t in templates())}."
        raise NotFound(message, fields=(FieldProblem("template", message),))
    return content_as_json(rubric_from_json(_path(name).read_bytes()))


def _path(name: str) -> Path:
    return LIBRARY / "templates" / f"{name}.json" if name in GENERAL else LIBRARY / f"{name}.json"


def _template(name: str) -> Template:
    document = rubric_from_json(_path(name).read_bytes())
    return Template(
        name=name,
        title=document.title,
        description=document.description,
        specialty=document.specialty,
        questions=len(document.key_questions),
        general=name in GENERAL,
    )
