"""Rubric content at rest: sealed once, opened by whoever has the key, never rewritten when keys change."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from grader.env import Environment, SettingError
from grader.models import AuditEntry
from rubrics import keyring
from rubrics.domain.document import rubric_from_mapping
from rubrics.domain.errors import WrongState
from rubrics.domain.sealing import KEY_BYTES, NONCE_BYTES, SealBroken, seal, unseal, unwrap, wrap
from rubrics.models import RubricKey, RubricVersion
from rubrics.services import rubric_version_approve, rubric_version_create
from rubrics.services.keys import rubric_key_ensure, rubric_keys_check, rubric_keys_rotate
from tests.builders import document
from tests.cast import approved_rubric

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FIRST = base64.b64encode(bytes(range(32))).decode()
SECOND = base64.b64encode(bytes(range(32, 64))).decode()
KEY, OTHER_KEY, NONCE = b"k" * KEY_BYTES, b"o" * KEY_BYTES, b"n" * NONCE_BYTES
documents = st.dictionaries(st.text(max_size=8), st.text(max_size=20) | st.integers() | st.none(), max_size=5)


@pytest.fixture(autouse=True)
def _fresh_keyring() -> Iterator[None]:
    keyring._keys.clear()
    yield
    keyring._keys.clear()


@pytest.fixture
def encrypted(settings: Any, db: None) -> Any:
    settings.RUBRIC_ENCRYPTION_KEY = FIRST
    rubric_key_ensure(at=AT)
    return settings


def new_process(settings: Any, *, key: str, previous: str = "") -> None:
    settings.RUBRIC_ENCRYPTION_KEY, settings.RUBRIC_ENCRYPTION_KEY_PREVIOUS = key, previous
    keyring._keys.clear()


def stored() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT content::text FROM rubrics_rubricversion ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def draft() -> RubricVersion:
    return rubric_version_create(document=rubric_from_mapping(document()), author_id=None, at=AT)


@given(content=documents)
def test_what_was_sealed_opens_with_its_key_and_says_nothing_without(content: dict[str, Any]) -> None:
    sealed = seal(content, key=KEY, key_id="a", nonce=NONCE)
    assert unseal(json.loads(json.dumps(sealed)), key=KEY) == content
    with pytest.raises(SealBroken):
        unseal(sealed, key=OTHER_KEY)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param({"text": base64.b64encode(b"x" * 40).decode()}, id="another text"),
        pytest.param({"nonce": base64.b64encode(b"m" * 12).decode()}, id="another nonce"),
        pytest.param({"key": "b"}, id="another key's name"),
        pytest.param({"text": "not base64 ☹"}, id="no base64"),
        pytest.param({"nonce": ""}, id="no nonce"),
    ],
)
def test_an_altered_seal_is_found_out(damage: dict[str, str]) -> None:
    sealed = seal({"title": "Ankle"}, key=KEY, key_id="a", nonce=NONCE)
    with pytest.raises(SealBroken, match="restore it from a backup"):
        unseal({"sealed": {**sealed["sealed"], **damage}}, key=KEY)


def test_a_data_key_is_unwrapped_by_the_key_that_wrapped_it_alone() -> None:
    wrapped = wrap(KEY, under=OTHER_KEY, nonce=NONCE)
    assert unwrap(wrapped, under=OTHER_KEY) == KEY
    with pytest.raises(SealBroken):
        unwrap(wrapped, under=KEY)


def test_an_encrypted_rubric_stands_in_the_database_without_a_word_of_it(encrypted: Any) -> None:
    version = draft()
    assert "bear weight" not in stored()[0]
    assert RubricVersion.objects.get(pk=version.pk).document == version.document


@pytest.mark.django_db
def test_without_a_key_rubrics_are_stored_in_the_clear_and_are_still_read_once_there_is_one(
    settings: Any,
) -> None:
    version = draft()
    assert "bear weight" in stored()[0]
    settings.RUBRIC_ENCRYPTION_KEY = FIRST
    rubric_key_ensure(at=AT)
    assert RubricVersion.objects.get(pk=version.pk).document.title == "Ankle injury"


@pytest.mark.django_db
def test_a_rubric_is_never_stored_in_the_clear_for_want_of_a_data_key(settings: Any) -> None:
    settings.RUBRIC_ENCRYPTION_KEY = FIRST
    with pytest.raises(SealBroken, match=r"manage\.py migrate"):
        draft()
    assert not RubricVersion.objects.exists()


def test_approving_and_reading_an_encrypted_rubric_asks_for_the_data_key_once(
    encrypted: Any, django_assert_num_queries: Any
) -> None:
    version = rubric_version_approve(rubric_version=draft(), by="owner", at=AT)
    with django_assert_num_queries(1):
        assert RubricVersion.objects.get(pk=version.pk).content["title"] == "Ankle injury"


def test_rotation_wraps_the_data_keys_anew_and_leaves_every_rubric_as_it_was(encrypted: Any) -> None:
    version = approved_rubric()
    before, wrapped_before = stored(), bytes(RubricKey.objects.get().wrapped)
    new_process(encrypted, key=SECOND, previous=FIRST)
    out = StringIO()
    call_command("rotate_rubric_keys", stdout=out)
    assert out.getvalue() == "wrapped anew 1, up to date already 0, made 0\n"
    assert stored() == before
    assert bytes(RubricKey.objects.get().wrapped) != wrapped_before
    new_process(encrypted, key=SECOND)
    assert RubricVersion.objects.get(pk=version.pk).document == version.document
    assert AuditEntry.objects.get(action="rotate rubric keys").detail == {"wrapped_anew": 1, "new_data_key": False}


def test_rotating_again_changes_nothing(encrypted: Any) -> None:
    before = RubricKey.objects.get()
    assert rubric_keys_rotate(with_new_data_key=False, at=AT).kept == 1
    assert bytes(RubricKey.objects.get().wrapped) == bytes(before.wrapped)


def test_a_new_data_key_seals_what_comes_next_and_the_old_one_opens_what_was(encrypted: Any) -> None:
    old = draft()
    assert rubric_keys_rotate(with_new_data_key=True, at=datetime(2026, 11, 3, tzinfo=UTC)).made == 1
    new = rubric_version_create(document=rubric_from_mapping(document(version="1.0.1")), author_id=None, at=AT)
    keys = {json.loads(content)["sealed"]["key"] for content in stored()}
    assert len(keys) == 2
    assert [RubricVersion.objects.get(pk=row.pk).document.title for row in (old, new)] == ["Ankle injury"] * 2


def test_a_rotation_without_the_previous_key_is_refused_and_changes_no_key(encrypted: Any) -> None:
    before = bytes(RubricKey.objects.get().wrapped)
    new_process(encrypted, key=SECOND)
    with pytest.raises(CommandError, match="RUBRIC_ENCRYPTION_KEY_PREVIOUS"):
        call_command("rotate_rubric_keys")
    assert bytes(RubricKey.objects.get().wrapped) == before


@pytest.mark.django_db
def test_there_is_nothing_to_rotate_where_rubrics_are_not_encrypted() -> None:
    with pytest.raises(WrongState, match="not encrypted"):
        rubric_keys_rotate(with_new_data_key=False, at=AT)


@pytest.mark.django_db(transaction=True)
def test_reading_goes_on_while_keys_are_rotated(settings: Any) -> None:
    settings.RUBRIC_ENCRYPTION_KEY = FIRST
    rubric_key_ensure(at=AT)
    version = draft()
    new_process(settings, key=SECOND, previous=FIRST)
    titles, stop = [], threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                keyring._keys.clear()
                titles.append(RubricVersion.objects.get(pk=version.pk).document.title)
        finally:
            connection.close()

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(20):
        settings.RUBRIC_ENCRYPTION_KEY, settings.RUBRIC_ENCRYPTION_KEY_PREVIOUS = (
            settings.RUBRIC_ENCRYPTION_KEY_PREVIOUS,
            settings.RUBRIC_ENCRYPTION_KEY,
        )
        rubric_keys_rotate(with_new_data_key=False, at=AT)
    stop.set()
    for reader in readers:
        reader.join(timeout=30)
    assert titles
    assert set(titles) == {"Ankle injury"}


def test_a_data_key_can_not_be_deleted(encrypted: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        RubricKey.objects.all().delete()


def test_the_first_data_key_is_made_once(encrypted: Any) -> None:
    rubric_key_ensure(at=AT)
    assert RubricKey.objects.count() == 1


def test_the_status_says_whether_this_process_can_open_every_rubric(encrypted: Any) -> None:
    assert rubric_keys_check() == "1 data key opens"
    new_process(encrypted, key=SECOND)
    with pytest.raises(SealBroken, match="RUBRIC_ENCRYPTION_KEY_PREVIOUS"):
        rubric_keys_check()
    new_process(encrypted, key="")
    with pytest.raises(SealBroken, match="set RUBRIC_ENCRYPTION_KEY"):
        rubric_keys_check()


@pytest.mark.django_db
def test_the_status_says_when_rubrics_are_not_encrypted() -> None:
    assert rubric_keys_check() == "not encrypted"


@pytest.mark.parametrize("value", ["short", FIRST[:-4], "☹" * 44], ids=["text", "31 bytes", "no base64"])
def test_a_key_that_is_none_stops_the_start_and_is_not_repeated(value: str) -> None:
    with pytest.raises(SettingError, match="openssl rand -base64 32") as refused:
        Environment({"RUBRIC_ENCRYPTION_KEY": value}).wrapping_key("RUBRIC_ENCRYPTION_KEY")
    assert value not in str(refused.value)
