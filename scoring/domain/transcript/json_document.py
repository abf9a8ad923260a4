"""A JSON parser that remembers where each string stands, so that speech inside JSON can be quoted verbatim.

Lenient where exports are careless (line breaks inside strings, NaN), strict about structure and depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from rubrics.domain.errors import Malformed
from scoring.domain.transcript.source_text import SourceText, atomic, concatenated, verbatim

_DEEPEST = 60
_REPLACEMENT = "\ufffd"
# Possessive quantifiers: a string that never ends fails in one pass.
_TOKEN = re.compile(
    r"[ \t\r\n]*+(?:(?P<mark>[{}\[\],:])"
    r'|"(?P<string>[^"\\]*+(?:\\.[^"\\]*+)*+)"'
    r"|(?P<number>-?[0-9]{1,40}(?:\.[0-9]{1,60})?(?:[eE][-+]?[0-9]{1,6})?(?![0-9.]))"
    r"|(?P<word>-?[A-Za-z]{1,10}))",
    re.DOTALL,
)
_BLANK = re.compile(r"[ \t\r\n]*+\Z")
_ESCAPE = re.compile(
    r"\\(?:u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|u(?P<code>[0-9a-fA-F]{4})|(?P<char>.))",
    re.DOTALL,
)
_CHARS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: dict[str, bool | None] = {
    "true": True, "false": False, "null": None, "NaN": None, "Infinity": None, "-Infinity": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class JsonString:
    """The inside of a string's quotes: source[start:end]."""

    source: str
    start: int
    end: int

    def read(self) -> SourceText:
        """What the string says; each escape sequence is one atomic fragment."""
        if self.source.find("\\", self.start, self.end) < 0:
            return verbatim(self.source, self.start, self.end)
        return concatenated(self._pieces())

    def _pieces(self) -> Iterator[SourceText]:
        place = self.start
        for match in _ESCAPE.finditer(self.source, self.start, self.end):
            yield verbatim(self.source, place, match.start())
            yield atomic(_unescaped(match), match.start(), match.end())
            place = match.end()
        yield verbatim(self.source, place, self.end)

    def __str__(self) -> str:
        return self.read().text


JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | JsonString | Decimal | bool | None"


def parse_json(source: str) -> JsonValue:
    """The document; Malformed, naming the line, when it is not JSON or is nested more than 60 deep."""
    parser = _Parser(source)
    value = parser.value(parser.token(), 0)
    if not _BLANK.match(source, parser.place):
        raise parser.broken()
    return value


class _Parser:
    """Reads tokens from `place` on."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.place = 0

    def token(self) -> re.Match[str]:
        match = _TOKEN.match(self.source, self.place)
        if match is None:
            raise self.broken()
        self.place = match.end()
        return match

    def value(self, token: re.Match[str], depth: int) -> JsonValue:
        if depth > _DEEPEST:
            raise Malformed("This JSON is nested too deeply to be a transcript.")
        kind, text = token.lastgroup, token[token.lastgroup or 0]
        if kind == "string":
            return JsonString(self.source, token.start("string"), token.end("string"))
        if kind == "number":
            return Decimal(text)
        if kind == "word" and text in _WORDS:
            return _WORDS[text]
        if text == "{":
            return self._object(depth)
        if text == "[":
            return self._array(depth)
        raise self.broken()

    def broken(self) -> Malformed:
        line = self.source.count("\n", 0, self.place) + 1
        return Malformed(f"This JSON is broken on line {line}. Export it again, or paste the text alone.")

    def _object(self, depth: int) -> JsonValue:
        members: dict[str, JsonValue] = {}
        token = self.token()
        while token["mark"] != "}":
            if members and token["mark"] == ",":
                token = self.token()
            if token["string"] is None or self.token()["mark"] != ":":
                raise self.broken()
            members[str(JsonString(self.source, token.start("string"), token.end("string")))] = self.value(
                self.token(), depth + 1
            )
            token = self._after_item("}")
        return members

    def _array(self, depth: int) -> JsonValue:
        items: list[JsonValue] = []
        token = self.token()
        while token["mark"] != "]":
            if items and token["mark"] == ",":
                token = self.token()
            items.append(self.value(token, depth + 1))
            token = self._after_item("]")
        return items

    def _after_item(self, closing: str) -> re.Match[str]:
        token = self.token()
        if token["mark"] not in (",", closing):
            raise self.broken()
        return token


def _unescaped(match: re.Match[str]) -> str:
    """Half a surrogate pair and NUL stand for no character that could be stored: U+FFFD."""
    if match["high"]:
        pair = bytes.fromhex(match["high"]) + bytes.fromhex(match["low"])
        return pair.decode("utf-16-be")
    if match["code"] is None:
        return _CHARS.get(match["char"], match["char"])
    char = chr(int(match["code"], 16))
    return _REPLACEMENT if char == "\x00" or "\ud800" <= char <= "\udfff" else char
