"""Undocumented means red: routes, error codes, rubric fields, checks and the README's own commands."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import get_args

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, get_resolver
from pydantic import BaseModel

from grader.api_urls import urlpatterns
from rubrics.domain.document import RubricDocument
from rubrics.domain.qa import CHECKS
from tests.cast import key

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
API = (DOCS / "api.md").read_text(encoding="utf-8")
RUBRICS = (DOCS / "rubrics.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def routes() -> Iterator[str]:
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        yield "/api" + re.sub(r"<\w+:\w+>", "{id}", str(pattern.pattern)).rstrip("/")


@pytest.mark.parametrize("route", sorted(set(routes())))
def test_every_route_is_documented(route: str) -> None:
    assert route in API


def error_codes() -> set[str]:
    sources = [path.read_text(encoding="utf-8") for app in ("rubrics", "scoring", "feedback", "grader")
               for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]  # fmt: skip
    given = {code for text in sources for code in re.findall(r'\bcode="([a-z_]+)"', text)}
    classes = set(re.findall(r'^    code = "([a-z_]+)"', (ROOT / "rubrics/domain/errors.py").read_text(), re.MULTILINE))
    statuses = set(re.findall(r'^    \d{3}: "([a-z_]+)"', (ROOT / "grader/errors.py").read_text(), re.MULTILINE))
    return (given | classes | statuses) - {"refused"}


@pytest.mark.parametrize("code", sorted(error_codes()))
def test_every_error_code_is_documented(code: str) -> None:
    assert f"`{code}`" in API + (DOCS / "transcripts.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("check", [name for name, _, _ in CHECKS])
def test_every_rubric_check_is_documented(check: str) -> None:
    assert f"`{check}`" in RUBRICS


def fields(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        for part in (field.annotation, *get_args(field.annotation)):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from fields(part)


@pytest.mark.parametrize("field", sorted(set(fields(RubricDocument)) - {"by", "at", "note"}))
def test_every_rubric_field_is_documented(field: str) -> None:
    assert f"`{field}`" in RUBRICS or f"`{field}[]`" in RUBRICS


@pytest.mark.parametrize(
    "markdown", sorted(path.relative_to(ROOT).as_posix() for path in [*DOCS.rglob("*.md"), ROOT / "README.md"])
)
def test_every_link_to_a_file_leads_somewhere(markdown: str) -> None:
    text = (ROOT / markdown).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text)
    assert [link for link in links if not ((ROOT / markdown).parent / link).exists()] == []


@pytest.mark.django_db
def test_the_commands_of_the_readme_run_as_written() -> None:
    (block,) = [b for b in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if "manage.py grade" in b]
    outputs = []
    for line in block.strip().splitlines():
        out = StringIO()
        call_command(*shlex.split(line.removeprefix(".venv/bin/python manage.py ")), stdout=out)
        outputs.append(out.getvalue())
    assert "overall" in outputs[-1]


@pytest.mark.django_db
def test_the_request_of_the_readme_is_graded(client: Client) -> None:
    call_command("import_rubric", str(ROOT / "rubrics/library/stroke_v1.json"), "--approve", stdout=StringIO())
    body = re.search(r"-d '(\{.*?\})'\n```", README, re.DOTALL)
    assert body is not None
    response = client.post("/api/grade", body[1], content_type="application/json", headers={"X-API-Key": key()})
    assert response.status_code == 201, response.content


def test_examples_of_the_api_page_are_json() -> None:
    for block in re.findall(r"```json\n(.*?)```", API, re.DOTALL):
        json.loads(block)


def test_the_schema_and_its_page_are_served_without_signing_in(client: Client) -> None:
    schema = client.get("/api/schema/")
    assert schema.status_code == 200
    text = schema.content.decode()
    assert "/api/grade" in text
    assert "ApiKey" in text
    assert client.get("/docs").status_code == 200
    assert get_resolver().resolve("/docs").url_name == "docs"
