"""Data keys wrapped by a key that never leaves AWS KMS. Imported only where one is configured: boto3 takes 30 MB."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from rubrics.domain.sealing import SealBroken

# KMS hands a wrapped key back only to who names the same purpose.
_CONTEXT = {"purpose": "rubric data key"}
_FAULTS = (BotoCoreError, ClientError)


class Kms:
    """Credentials and region come from where AWS's tools look for them: in a task, from its role."""

    def __init__(self, key_id: str) -> None:
        self._key_id = key_id
        self._client: Any = boto3.client(
            "kms", config=Config(connect_timeout=3, read_timeout=5, retries={"max_attempts": 3})
        )

    def encrypt(self, data_key: bytes) -> bytes:
        try:
            answer = self._client.encrypt(KeyId=self._key_id, Plaintext=data_key, EncryptionContext=_CONTEXT)
        except _FAULTS as fault:
            raise _refused(fault) from fault
        return bytes(answer["CiphertextBlob"])

    def decrypt(self, wrapped: bytes) -> bytes:
        try:
            answer = self._client.decrypt(CiphertextBlob=wrapped, EncryptionContext=_CONTEXT)
        except _FAULTS as fault:
            raise _refused(fault) from fault
        return bytes(answer["Plaintext"])


def _refused(fault: Exception) -> SealBroken:
    reason = fault.response.get("Error", {}).get("Code", "") if isinstance(fault, ClientError) else type(fault).__name__
    return SealBroken(
        f"AWS KMS did not open or wrap a data key ({reason}): check RUBRIC_ENCRYPTION_KMS_KEY and that the task's role "
        "may use kms:Encrypt and kms:Decrypt with it."
    )
