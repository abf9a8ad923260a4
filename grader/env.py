"""Reads settings from environment variables and refuses what it can't use, in one sentence that says what to type.

Pure: the variables come in as a mapping, so that every rule can be tested without touching the process's own
environment. Values are stripped; a variable that is empty counts as unset, because that is what `NAME=` in a
compose file or a `.env` file means to the person who wrote it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from rubrics.domain.sealing import wrapping_key

IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})
_HOST = re.compile(r"\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.IGNORECASE)
_RATE = re.compile(r"[1-9]\d{0,8}/(second|minute|hour|day)")


class SettingError(Exception):
    """A variable that can't be used; the text is one sentence that says what to type. Doors print it and stop."""


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """The parts of `postgresql://user:password@host:port/name?option=value`, percent-decoded.

    `host` is empty or a folder for a Unix socket, and `port` is empty for the driver's default.
    """

    name: str
    user: str
    password: str
    host: str
    port: str
    options: Mapping[str, str]


class Environment:
    """One process's variables. `names` lists each variable that was asked for, so that the docs can be held to it."""

    def __init__(self, variables: Mapping[str, str], *, read_file: Callable[[Path], str] = Path.read_text) -> None:
        self._variables = variables
        self._read_file = read_file
        self.names: set[str] = set()

    def given(self, name: str) -> bool:
        """Whether the variable has a value that is not blank."""
        return self._raw(name) is not None

    def text(self, name: str, *, default: str) -> str:
        return self._raw(name) or default

    def secret(self, name: str, *, default: str) -> str:
        """The variable, or the contents of the file that `NAME_FILE` points to (how containers hand out secrets)."""
        direct, path = self._raw(name), self._raw(f"{name}_FILE")
        if direct is not None and path is not None:
            raise SettingError(f"{name} and {name}_FILE are both set: keep one of them.")
        if path is None:
            return direct or default
        try:
            content = self._read_file(Path(path)).strip()
        except (OSError, UnicodeDecodeError):
            raise SettingError(
                f"{name}_FILE names the file {path}, which can't be read: type the path of a readable text file."
            ) from None
        if not content:
            raise SettingError(f"{name}_FILE names the file {path}, which is empty: write the secret into it.")
        return content

    def file_text(self, name: str) -> str | None:
        """The contents of the file that the variable names."""
        path = self._raw(name)
        if path is None:
            return None
        try:
            return self._read_file(Path(path))
        except (OSError, UnicodeDecodeError):
            raise SettingError(
                f"{name} names the file {path}, which can't be read: type the path of a readable text file in UTF-8."
            ) from None

    def boolean(self, name: str, *, default: bool) -> bool:
        raw = self._raw(name)
        if raw is None:
            return default
        if raw.lower() in _TRUE | _FALSE:
            return raw.lower() in _TRUE
        raise SettingError(f"{name} is {raw!r}: type {name}=true or {name}=false.")

    def integer(self, name: str, *, default: int, low: int, high: int) -> int:
        """A whole number in [low, high]; digits only, so that `0x10`, `1_000` and `８` are not read as numbers."""
        raw = self._raw(name)
        if raw is None:
            return default
        if re.fullmatch(r"[0-9]{1,10}", raw) and low <= int(raw) <= high:
            return int(raw)
        raise SettingError(f"{name} is {raw!r}: type a whole number from {low} to {high}, such as {name}={default}.")

    def choice(self, name: str, *, default: str, choices: tuple[str, ...]) -> str:
        """One of `choices`, whatever its case."""
        raw = self._raw(name)
        if raw is None:
            return default
        for choice in choices:
            if raw.lower() == choice.lower():
                return choice
        raise SettingError(f"{name} is {raw!r}: type one of {', '.join(choices)}.")

    def hosts(self, name: str, *, default: list[str]) -> list[str]:
        """Host names or addresses without scheme or port; `.example.org` allows the domain and all below it."""
        raw = self._raw(name)
        if raw is None:
            return default
        found = _items(raw)
        for host in found:
            if host != "*" and not _HOST.fullmatch(host) and not _is_bracketed_ipv6(host):
                raise SettingError(
                    f"{name} has {host!r}: type host names separated by commas, without scheme, port or path, "
                    f"such as {name}=grading.example.org,www.grading.example.org."
                )
        return found

    def origins(self, name: str) -> list[str]:
        """Origins with their scheme, as browsers send them: `https://grading.example.org`."""
        found = _items(self._raw(name) or "")
        for origin in found:
            parts = _split(origin)
            if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
                raise SettingError(
                    f"{name} has {origin!r}: type origins with their scheme and nothing behind the host, "
                    f"such as {name}=https://grading.example.org."
                )
        return found

    def networks(self, name: str, *, default: tuple[str, ...]) -> tuple[IPNetwork, ...]:
        """Addresses and networks in CIDR notation; a single address is a network of one."""
        found = _items(self._raw(name) or ",".join(default))
        try:
            return tuple(ipaddress.ip_network(item) for item in found)
        except ValueError as error:
            raise SettingError(
                f"{name} can't be read ({error}): type addresses or networks separated by commas, "
                f"such as {name}=10.0.0.0/8,127.0.0.1."
            ) from None

    def rate(self, name: str, *, default: str) -> str:
        """How many requests in which time, `600/minute`."""
        raw = self._raw(name) or default
        if _RATE.fullmatch(raw):
            return raw
        raise SettingError(
            f"{name} is {raw!r}: type a number, a slash and second, minute, hour or day, such as {name}={default}."
        )

    def http_url(self, name: str) -> str:
        """An http or https address without credentials, or nothing."""
        raw = self._raw(name)
        if raw is None:
            return ""
        parts = _split(raw)
        if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise SettingError(
                f"{name} can't be used: type an http or https address without user name, "
                f"such as {name}=http://rephraser.internal:8080/v1."
            )
        return raw

    def wrapping_key(self, name: str) -> str:
        """32 bytes in base64, or nothing. The value is never repeated in the refusal."""
        raw = self.secret(name, default="")
        try:
            if raw:
                wrapping_key(raw)
        except ValueError:
            raise SettingError(
                f"{name} is not 32 bytes in base64: type {name}= with the output of openssl rand -base64 32."
            ) from None
        return raw

    def database_url(self, name: str) -> DatabaseUrl | None:
        """None when unset. The value is never repeated in the refusal: it holds a password."""
        raw = self.secret(name, default="")
        return _database_url(raw, name=name) if raw else None

    def redis_url(self, name: str) -> str:
        """`redis://`, or `rediss://` for TLS, with an optional password and database number; nothing when unset.

        Commas and semicolons are refused because Django's cache would read them as several servers.
        """
        raw = self.secret(name, default="")
        parts = _split(raw)
        is_sound = (
            parts is not None
            and parts.scheme in {"redis", "rediss"}
            and parts.hostname
            and re.fullmatch(r"/?\d*", parts.path)
            and not re.search(r"[,;\s]", raw)
        )
        if raw and not is_sound:
            raise SettingError(
                f"{name} can't be used: type {name}=redis://:password@host:6379/0, or rediss:// for TLS, "
                "with special characters in the password percent-encoded."
            )
        return raw

    def api_key(self, name: str) -> str:
        """A key for callers that somebody else made up, or nothing; long enough that it can't be guessed."""
        raw = self.secret(name, default="")
        if raw and not re.fullmatch(r"[!-~]{32,200}", raw):
            raise SettingError(
                f"{name} can't be used: type 32 to 200 letters, digits and signs without spaces, such as the output "
                "of python3 -c 'import secrets; print(secrets.token_urlsafe(36))'."
            )
        return raw

    def _raw(self, name: str) -> str | None:
        self.names.add(name)
        return self._variables.get(name, "").strip() or None


def _items(raw: str) -> list[str]:
    return [item for part in raw.split(",") if (item := part.strip())]


def _is_bracketed_ipv6(host: str) -> bool:
    if not (host.startswith("[") and host.endswith("]")):
        return False
    try:
        ipaddress.IPv6Address(host[1:-1])
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Url:
    scheme: str
    netloc: str
    path: str
    query: str
    hostname: str
    port: int | None
    username: str
    password: str


def _split(raw: str) -> _Url | None:
    """`urlsplit` without its late failures: a bad port or bracket is known here, not at first use."""
    try:
        parts = urlsplit(raw)
        return _Url(
            scheme=parts.scheme,
            netloc=parts.netloc,
            path=parts.path,
            query=parts.query,
            hostname=parts.hostname or "",
            port=parts.port,
            username=parts.username or "",
            password=parts.password or "",
        )
    except ValueError:
        return None


def _database_url(raw: str, *, name: str) -> DatabaseUrl:
    parts = _split(raw)
    if parts is None or parts.scheme not in {"postgres", "postgresql"} or len(parts.path) < len("/x"):
        raise SettingError(
            f"{name} can't be used: type {name}=postgresql://user:password@host:5432/database, "
            "with special characters in the password percent-encoded."
        )
    options = dict(parse_qsl(parts.query))
    return DatabaseUrl(
        name=unquote(parts.path.removeprefix("/")),
        user=unquote(parts.username),
        password=unquote(parts.password),
        host=options.pop("host", "") or unquote(parts.hostname),
        port=options.pop("port", "") or (str(parts.port) if parts.port else ""),
        options=options,
    )
