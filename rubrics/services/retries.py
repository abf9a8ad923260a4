"""Retried requests: the same `Idempotency-Key` and body do a thing once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from rubrics.domain.errors import Ungradable, WrongState
from rubrics.models import RetriedRequest, RubricVersion

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Attempt:
    """owner: `user:7` or `key:Ab3dEf9h`. route: what the key was sent to; keys of two routes are two keys."""

    owner: str
    route: str
    key: str
    body_sha256: str


def version_once(*, attempt: Attempt | None, at: datetime, make: Callable[[], RubricVersion]) -> RubricVersion:
    """What `make` makes, or what it made for this attempt before, as it stands now. None: always make.

    Raises WrongState while another request has the key, Ungradable when the key came with another body.
    """
    if attempt is None:
        return make()
    with transaction.atomic():
        claim_key(owner=attempt.owner, route=attempt.route, key=attempt.key)
        earlier = RetriedRequest.objects.filter(owner=attempt.owner, route=attempt.route, key=attempt.key).first()
        if earlier is not None:
            refuse_another_body(earlier.body_sha256, attempt.body_sha256)
            return RubricVersion.objects.select_related("rubric").get(pk=earlier.version_id)
        version = make()
        RetriedRequest.objects.create(
            owner=attempt.owner,
            route=attempt.route,
            key=attempt.key,
            body_sha256=attempt.body_sha256,
            version=version,
            created_at=at,
        )
    return version


def claim_key(*, owner: str, route: str, key: str) -> None:
    """Hold the key until the transaction ends. Raises WrongState while another request holds it: grading twice and
    throwing one away, or waiting with a connection in hand, would both be worse than asking again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"idempotency {owner} {route} {key}"]
        )
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise WrongState(
            "A request with this Idempotency-Key is being answered. Send it again in a second.", code="key_in_flight"
        )


def refuse_another_body(before: str, now: str) -> None:
    """Raises Ungradable unless both hashes are of one body."""
    if before != now:
        raise Ungradable(
            "This Idempotency-Key was used with another body. Send a new key with a new request.",
            code="idempotency_key_reused",
        )


def retried_requests_forget(*, before: datetime) -> int:
    """Forget keys of long ago: nobody retries a request for a month."""
    deleted, _ = RetriedRequest.objects.filter(created_at__lt=before).delete()
    return deleted
