"""While a new version is rolled out, old processes run on the new schema. docs/deployment.md has the rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

APPS = ("rubrics", "scoring", "feedback", "grader")
# The first release: before it there was no old code.
BASELINE = frozenset(
    {
        ("feedback", "0001_initial"),
        ("feedback", "0002_initial"),
        ("grader", "0001_initial"),
        ("grader", "0002_refuse_changes_of_the_audit_trail"),
        ("rubrics", "0001_initial"),
        ("rubrics", "0002_refuse_changes_of_approved_versions"),
        ("scoring", "0001_initial"),
        ("scoring", "0002_refuse_changes_of_gradings"),
    }
)
# A dangerous step that is right all the same; (app, migration): why no running process minds.
ALLOWED: dict[tuple[str, str], str] = {
    ("rubrics", "0004_seal_content_at_rest"): "the column's type stays; nothing is sealed until a key is configured",
}

_OLD_NAME = "old code knows the old name only; add the new one, copy, and remove the old one a release later."
_REMOVED = "old code still asks for it; stop using it in one release and remove it in the next."
# By exact type: AddIndexConcurrently is an AddIndex, and is the cure.
DANGERS: dict[type[Operation], str] = {
    migrations.RemoveField: _REMOVED,
    migrations.DeleteModel: _REMOVED,
    migrations.RenameField: _OLD_NAME,
    migrations.RenameModel: _OLD_NAME,
    migrations.AlterModelTable: _OLD_NAME,
    migrations.AddField: "old code inserts without it; give it null=True or a db_default.",
    migrations.AlterField: "it may rewrite the table or refuse what old code writes; if not, name it in ALLOWED.",
    migrations.AddIndex: "it locks the table; use AddIndexConcurrently in a migration with atomic = False.",
    migrations.RemoveIndex: "it locks the table; use RemoveIndexConcurrently in a migration with atomic = False.",
    migrations.AddConstraint: "it reads the table under a lock; use AddConstraintNotValid, then ValidateConstraint.",
}


def dangers(operations: list[Operation], *, creates: frozenset[str] = frozenset()) -> Iterator[str]:
    """What old code, or a table in use, would suffer from. `creates` are models that did not exist before."""
    new = set(creates)
    for operation in operations:
        if isinstance(operation, migrations.CreateModel):
            new.add(operation.name_lower)
        elif isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from dangers(list(operation.database_operations), creates=frozenset(new))
        elif getattr(operation, "model_name", "").lower() not in new:
            problem = _danger(operation)
            if problem:
                yield f"{operation.describe()}: {problem}"


def _danger(operation: Operation) -> str | None:
    if isinstance(operation, migrations.AddField) and _can_be_left_out(operation.field):
        return None
    return DANGERS.get(type(operation))


def _can_be_left_out(field: models.Field[object, object]) -> bool:
    return bool(field.null) or field.has_db_default() or bool(field.many_to_many)


def _ours() -> list[tuple[str, str]]:
    loader = MigrationLoader(None)
    return sorted(key for key in loader.disk_migrations if key[0] in APPS)


@pytest.mark.parametrize("key", sorted(set(_ours()) - BASELINE), ids=".".join)
def test_a_migration_does_nothing_that_running_processes_suffer_from(key: tuple[str, str]) -> None:
    found = list(dangers(list(MigrationLoader(None).disk_migrations[key].operations)))
    assert key in ALLOWED or not found, "\n".join(found)


def test_no_exception_is_kept_for_a_migration_that_is_gone() -> None:
    assert set(ALLOWED) | BASELINE <= set(_ours())


TEXT = models.TextField()


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(migrations.RemoveField("grading", "style"), id="removes a field"),
        pytest.param(migrations.DeleteModel("grading"), id="removes a model"),
        pytest.param(migrations.RenameField("grading", "style", "tone"), id="renames a field"),
        pytest.param(migrations.RenameModel("grading", "mark"), id="renames a model"),
        pytest.param(migrations.AlterModelTable("grading", "marks"), id="renames a table"),
        pytest.param(migrations.AddField("grading", "note", TEXT), id="adds a field that inserts must fill"),
        pytest.param(
            migrations.AddField("grading", "note", models.TextField(default="")), id="a default in Python does not help"
        ),
        pytest.param(migrations.AlterField("grading", "style", TEXT), id="alters a field"),
        pytest.param(migrations.AddIndex("grading", models.Index(fields=["style"], name="i")), id="adds an index"),
    ],
)
def test_a_dangerous_step_is_found(operation: Operation) -> None:
    assert list(dangers([operation]))


@pytest.mark.parametrize(
    "operations",
    [
        pytest.param(
            [migrations.AddField("grading", "note", models.TextField(null=True))], id="a field that may be null"
        ),
        pytest.param(
            [migrations.AddField("grading", "note", models.TextField(db_default=""))], id="a database default"
        ),
        pytest.param(
            [
                migrations.CreateModel("note", fields=[]),
                migrations.AddIndex("note", models.Index(fields=["id"], name="i")),
            ],
            id="an index on a table of the same migration",
        ),
        pytest.param(
            [AddIndexConcurrently("grading", models.Index(fields=["style"], name="i"))], id="an index built beside"
        ),
    ],
)
def test_a_harmless_step_is_left_alone(operations: list[Operation]) -> None:
    assert list(dangers(operations)) == []
