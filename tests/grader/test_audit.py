"""The audit trail: what any application reports is kept with the act, or the act does not happen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from grader.models import AuditEntry
from rubrics import audit
from rubrics.audit import AuditEvent, actor_of, record

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
EVENT = AuditEvent(
    actor="user:7", action="approve rubric", object_type="rubric", object_id="ankle_v1 1.0.0", at=AT, detail={"note": True}
)  # fmt: skip


@pytest.mark.django_db
def test_what_an_application_reports_stands_in_the_trail_with_who_what_and_when() -> None:
    record(EVENT)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.object_type, entry.object_id, entry.at, entry.detail) == (
        "user:7", "approve rubric", "rubric", "ankle_v1 1.0.0", AT, {"note": True},
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_undone_leaves_no_entry() -> None:
    def act_and_fail() -> None:
        with transaction.atomic():
            record(EVENT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_and_fail()
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_an_entry_can_not_be_changed() -> None:
    record(EVENT)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.update(actor="user:8")


def test_an_act_that_nobody_would_record_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_keepers", [])
    with pytest.raises(RuntimeError, match="audit trail"):
        record(EVENT)


def test_subscribing_twice_keeps_an_event_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_keepers", [])
    kept: list[AuditEvent] = []
    keep = kept.append
    audit.subscribe(keep)
    audit.subscribe(keep)
    record(EVENT)
    assert kept == [EVENT]


@pytest.mark.parametrize(("user_id", "actor"), [(7, "user:7"), (None, "command line")], ids=["person", "operator"])
def test_a_person_stands_in_the_trail_by_number_and_never_by_name(user_id: int | None, actor: str) -> None:
    assert actor_of(user_id) == actor
