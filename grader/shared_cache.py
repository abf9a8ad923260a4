"""Django's cache on Redis, which may be lost at any moment without anybody but the status page noticing."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

# While Redis is lost one operation in this time asks whether it is back; the others do not wait for it.
RETRY_SECONDS = 5.0
_CONNECT_SECONDS = 0.5
_ANSWER_SECONDS = 0.5
_MOST_ENTRIES = 10_000
_LOST = (RedisError, OSError, UnicodeDecodeError, json.JSONDecodeError)


class JsonSerializer:
    """Whoever can write to a cache of pickles can run code here; JSON is only read.

    The price: a tuple comes back as a list, and what JSON has no word for raises TypeError when it is stored.
    """

    def dumps(self, value: object) -> str:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))

    def loads(self, stored: bytes) -> Any:
        return json.loads(stored)


def _options() -> dict[str, Any]:
    """Short patience, because a cache that has to be waited for is worse than none. The one retry is for a connection
    that the server closed while nobody used it."""
    return {
        "serializer": JsonSerializer,
        "socket_connect_timeout": _CONNECT_SECONDS,
        "socket_timeout": _ANSWER_SECONDS,
        "retry": Retry(NoBackoff(), retries=1, supported_errors=(LostConnection,)),
    }


class Outage:
    """Whether this process takes Redis for lost. `clock` counts seconds and never jumps."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ask_again_at: float | None = None

    @property
    def lasts(self) -> bool:
        return self._ask_again_at is not None

    def may_ask(self) -> bool:
        """True for one caller in RETRY_SECONDS of an outage: the next ones find the time moved on."""
        if self._ask_again_at is None:
            return True
        now = self._clock()
        if now < self._ask_again_at:
            return False
        self._ask_again_at = now + RETRY_SECONDS
        return True

    def begin(self, reason: str) -> None:
        if not self.lasts:
            logger.warning("Redis does not answer (%s): each process caches for itself until it is back", reason)
        self._ask_again_at = self._clock() + RETRY_SECONDS

    def end(self) -> None:
        if self.lasts:
            logger.warning("Redis answers again")
        self._ask_again_at = None


@cache
def outage_of(servers: tuple[str, ...]) -> Outage:
    """One for the whole process: Django makes a cache object for each thread."""
    return Outage()


class ForgivingClient:
    """Asks Redis, or this process's memory while Redis is lost; both know the same operations by the same names."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        self.redis = RedisCacheClient(servers, **options)
        self._local = LocMemCache("while-redis-is-lost", {"OPTIONS": {"MAX_ENTRIES": _MOST_ENTRIES}})
        self.outage = outage_of(tuple(servers))

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        return partial(self._ask, operation)

    def _ask(self, operation: str, *arguments: Any) -> Any:
        if self.outage.may_ask():
            try:
                answer = getattr(self.redis, operation)(*arguments)
            except _LOST as error:
                self.outage.begin(type(error).__name__)
            else:
                self.outage.end()
                return answer
        return getattr(self._local, operation)(*arguments)


class SharedCache(RedisCache):
    """What is kept here must be right whoever wrote it and whenever: address it by content or by version.

    A lost Redis raises nothing. Requests are then counted by each process for itself, so that limits still hold.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._client = ForgivingClient([server], **{**_options(), **params.get("OPTIONS", {})})

    @property
    def _cache(self) -> ForgivingClient:  # type: ignore[override]  # it answers to the same names
        return self._client

    def ask_now(self) -> bool:
        """Whether Redis answers at this moment, outage or not."""
        client = self._client
        try:
            client.redis.get_client().ping()
        except _LOST as error:
            client.outage.begin(type(error).__name__)
        else:
            client.outage.end()
        return not client.outage.lasts
