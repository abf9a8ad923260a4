"""The school's key in AWS KMS, against moto's KMS: what is wrapped there opens there, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from moto import mock_aws

from rubrics import keyring, wrapping
from rubrics.domain.document import rubric_from_mapping
from rubrics.domain.sealing import SealBroken
from rubrics.models import RubricKey, RubricVersion
from rubrics.services import rubric_version_create
from rubrics.services.keys import rubric_key_ensure, rubric_keys_rotate
from tests.builders import document
from tests.rubrics.test_encryption import FIRST

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def kms_key(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[str]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        key: str = boto3.client("kms").create_key()["KeyMetadata"]["KeyId"]
        settings.RUBRIC_ENCRYPTION_KMS_KEY = key
        fresh_process()
        yield key
    fresh_process()


def fresh_process() -> None:
    keyring._keys.clear()
    wrapping._wrapper.cache_clear()


def draft() -> RubricVersion:
    return rubric_version_create(document=rubric_from_mapping(document()), author_id=None, at=AT)


def test_a_rubric_sealed_with_a_data_key_from_kms_is_read_again(kms_key: str) -> None:
    rubric_key_ensure(at=AT)
    version = draft()
    fresh_process()
    assert RubricKey.objects.get().wrapped_by == f"kms:{kms_key}"
    assert RubricVersion.objects.get(pk=version.pk).document == version.document


def test_a_school_moves_from_its_own_key_to_kms_by_one_rotation(kms_key: str, settings: Any) -> None:
    settings.RUBRIC_ENCRYPTION_KMS_KEY, settings.RUBRIC_ENCRYPTION_KEY = "", FIRST
    rubric_key_ensure(at=AT)
    version = draft()
    settings.RUBRIC_ENCRYPTION_KMS_KEY, settings.RUBRIC_ENCRYPTION_KEY = kms_key, ""
    settings.RUBRIC_ENCRYPTION_KEY_PREVIOUS = FIRST
    fresh_process()
    assert rubric_keys_rotate(with_new_data_key=False, at=AT).wrapped_anew == 1
    settings.RUBRIC_ENCRYPTION_KEY_PREVIOUS = ""
    fresh_process()
    assert RubricVersion.objects.get(pk=version.pk).document == version.document


def test_what_kms_does_not_open_says_what_to_check(kms_key: str) -> None:
    rubric_key_ensure(at=AT)
    version = draft()
    RubricKey.objects.update(wrapped=b"wrapped by nobody")
    fresh_process()
    with pytest.raises(SealBroken, match="kms:Decrypt"):
        RubricVersion.objects.get(pk=version.pk)
