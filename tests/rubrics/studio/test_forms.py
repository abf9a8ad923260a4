"""The forms: every field of the document has one, and what comes back is the document again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from django.http import QueryDict
from pydantic import BaseModel

from rubrics.domain.document import RubricDocument, rubric_from_mapping
from rubrics.domain.identity import content_as_json, content_sha256
from rubrics.domain.parts import LISTS, SECTIONS, TOP_FIELDS, items_of, part_of, with_part
from rubrics.domain.qa import check_rubric
from rubrics.presentation.fields import FORMS, Widget
from rubrics.presentation.findings import findings_of
from rubrics.presentation.forms import bound_fields, form_of, read_form
from tests.builders import document, rubric

LIBRARY = Path(__file__).resolve().parents[3] / "rubrics" / "library"
STATE = {"rubric_id", "version", "status", "created_at", "updated_at", "approval"}
"""Not the author's to write in a form: the name is fixed, the version is chosen at approval."""


def schema_fields(model: type[BaseModel], path: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        place = f"{path}.{name}" if path else name
        is_item_list = place in LISTS or get_origin(field.annotation) is not list
        inner = [a for a in _flat(field.annotation) if isinstance(a, type) and issubclass(a, BaseModel)]
        if inner and is_item_list and place not in STATE:
            yield from schema_fields(inner[0], place)
        elif place not in STATE:
            yield place


def _flat(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _flat(part)


def test_every_field_of_the_document_can_be_edited_in_a_form() -> None:
    offered = {
        field.name if home in TOP_FIELDS else f"{home}.{field.name}"
        for home, form in FORMS.items()
        for field in form.fields
    }
    assert set(schema_fields(RubricDocument, "")) == offered


def test_every_part_has_a_form() -> None:
    assert set(FORMS) == {*SECTIONS, *LISTS}


def posted(path: str, part: dict[str, Any]) -> QueryDict:
    """What a browser would send of the form as it is drawn."""
    query = QueryDict(mutable=True)
    for bound in bound_fields(path, part, (), ()):
        if bound.field.widget is Widget.FLAG:
            if bound.checked:
                query[bound.field.name] = "on"
        elif bound.field.widget is Widget.ROWS:
            query.setlist(bound.field.name, list(bound.rows))
        else:
            query[bound.field.name] = bound.value.replace("\n", "\r\n")
    return query


@pytest.mark.parametrize("name", sorted(path.stem for path in LIBRARY.glob("*.json")))
def test_sending_every_form_unchanged_leaves_the_rubric_as_it_was(name: str) -> None:
    before = rubric_from_mapping(json.loads((LIBRARY / f"{name}.json").read_text()))
    content = content_as_json(before)
    paths = [*SECTIONS, *(f"{home}.{at}" for home in LISTS for at in range(len(items_of(content, home))))]
    for path in paths:
        part = part_of(content, path)
        form = read_form(path, posted(path, part), part)
        assert form.problems == ()
        content = with_part(content, path, form.values)
    assert content_sha256(rubric_from_mapping(content)) == content_sha256(before)


@pytest.mark.parametrize(
    ("written", "value", "problem"),
    [
        ("0.25", 0.25, ""),
        ("0,25", 0.25, ""),
        ("1", 1, ""),
        ("", None, "Write a number."),
        ("a lot", "a lot", "Write a number, such as 0.25."),
        ("NaN", "NaN", "Write an ordinary number."),
        ("1e999999999", "1e999999999", "Write an ordinary number."),
    ],
)
def test_numbers_are_read_as_people_write_them(written: str, value: object, problem: str) -> None:
    query = QueryDict(mutable=True)
    query.update(dict.fromkeys(("structure", "key_questions", "reasoning", "summary", "communication"), "0.2"))
    query["structure"] = written
    form = read_form("weights", query, part_of(document(), "weights"))
    assert form.values.get("structure") == value
    assert [p.message for p in form.problems] == ([problem] if problem else [])


def test_what_is_not_a_number_stays_in_the_form_beside_what_is_wrong_with_it() -> None:
    query = posted("weights", part_of(document(), "weights"))
    query["structure"] = "a lot"
    form = read_form("weights", query, part_of(document(), "weights"))
    bound = bound_fields("weights", form.values, form.problems, ())[0]
    assert (bound.value, bound.errors, bound.worst) == ("a lot", ("Write a number, such as 0.25.",), "error")


def test_a_field_that_does_not_matter_is_hidden_but_never_with_something_in_it() -> None:
    def hidden(penalty: dict[str, Any]) -> dict[str, bool]:
        return {b.field.name: b.hidden for b in bound_fields("structure.penalties.0", penalty, (), ())}

    assert hidden({"kind": "missing", "section": "HPI"})["before"]
    assert not hidden({"kind": "order"})["before"]
    assert not hidden({"kind": "missing", "before": "HPI"})["before"]


@pytest.mark.parametrize(
    ("changes", "part", "place"),
    [
        ({"key_questions": []}, "key_questions_policy", "form"),
        ({"weights": {**document()["weights"], "summary": 0.9}}, "weights", "form"),
        ({"summary": {**document()["summary"], "max_tokens": 5}}, "summary", "f-max_tokens"),
    ],
    ids=["no critical question", "weights", "too few words"],
)
def test_every_finding_leads_to_the_form_that_mends_it(changes: dict[str, Any], part: str, place: str) -> None:
    finding = next(f for f in findings_of(check_rubric(rubric(**changes))) if f.is_error)
    assert (finding.part, finding.dom_id) == (part, place)
    assert form_of(finding.part)


def test_findings_stand_beside_their_field() -> None:
    question = {**document()["key_questions"][1], "phrases": ["any allergies", "take four steps"]}
    broken = rubric(key_questions=[document()["key_questions"][0], question])
    findings = findings_of(check_rubric(broken))
    phrases = next(b for b in bound_fields("key_questions.1", question, (), findings) if b.field.name == "phrases")
    assert any("take four steps" in finding.message for finding in phrases.findings)


@pytest.mark.skipif("vocabulary" not in SECTIONS, reason="the schema has no vocabulary")
@pytest.mark.parametrize(
    ("written", "value", "problem"),
    [
        ("apixaban: Eliquis; blood thinner", [{"term": "apixaban", "synonyms": ["Eliquis", "blood thinner"]}], ""),
        ("", None, ""),
        ("apixaban", "apixaban", "Each line needs a colon between the word and what else it is called."),
    ],
)
def test_words_of_the_rubric_are_written_one_a_line(written: str, value: object, problem: str) -> None:
    query = QueryDict(mutable=True)
    query["vocabulary"] = written
    form = read_form("vocabulary", query, {})
    assert form.values.get("vocabulary") == value
    assert [p.message for p in form.problems] == ([problem] if problem else [])
    if not problem:
        assert bound_fields("vocabulary", form.values, (), ())[0].value == written
