"""Refusals: what the product says when it can't do what was asked.

A refusal is raised anywhere below the doors (pages, API, commands, jobs) and knows nothing of HTTP;
`grader.errors` maps each kind to a status. The message is shown to the person as it is, so it says what to do.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One offending field: a dotted path into the input (`weights.summary`) and a sentence for a person."""

    field: str
    message: str


class Refusal(Exception):
    """Base of every refusal; `code` is stable and documented in docs/api.md, `message` is for people."""

    code = "refused"

    def __init__(self, message: str, *, code: str | None = None, fields: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.fields = fields


class Malformed(Refusal):
    """The input has the wrong shape, type, range or encoding."""

    code = "malformed"


class Forbidden(Refusal):
    """Known to exist and visible to the caller, but not theirs to do."""

    code = "forbidden"


class NotFound(Refusal):
    """Absent, or not the caller's: the two answer alike on purpose."""

    code = "not_found"


class WrongState(Refusal):
    """The thing exists but its state forbids this (unapproved, archived, version taken)."""

    code = "wrong_state"


class Stale(Refusal):
    """The caller's copy is older than the stored one."""

    code = "stale"


class TooLarge(Refusal):
    """Over a size limit; the message names the limit."""

    code = "too_large"


class UnsupportedFormat(Refusal):
    """A media type or file format that we do not read."""

    code = "unsupported_format"


class Ungradable(Refusal):
    """Well-formed, but there is nothing that could be graded (no speech by a student, say)."""

    code = "ungradable"


class NotUnderstood(Refusal):
    """Words that could not be read as an instruction; each is quoted in `fields`."""

    code = "not_understood"
