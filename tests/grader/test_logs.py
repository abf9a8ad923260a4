from __future__ import annotations

import json
import logging
import re

import pytest
from django.db.utils import IntegrityError, OperationalError

from grader.logs import JsonFormatter, TextFormatter, redact

KEY = "aB3dE6gH.0123456789abcdefABCDEF0123456789"


def record(
    message: str, *args: object, level: int = logging.INFO, error: BaseException | None = None
) -> logging.LogRecord:
    exc_info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("scoring.services", level, __file__, 1, message, args, exc_info)


def raised(error: Exception) -> Exception:
    """The same exception, with a traceback."""
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


def test_a_text_line_begins_with_time_request_id_level_and_logger() -> None:
    line = TextFormatter(verbatim=False).format(record("Graded %s in %d ms", "7f3a", 12, level=logging.ERROR))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z - ERROR scoring\.services Graded 7f3a in 12 ms", line)


def test_a_json_line_has_the_same_fields() -> None:
    fields = json.loads(JsonFormatter(verbatim=False).format(record("two\nlines")))
    assert list(fields) == ["time", "request_id", "level", "logger", "message"]
    assert fields["message"] == "two\nlines"


@pytest.mark.parametrize("breaking", ["\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00", "\x1b"])
def test_no_message_can_begin_a_second_line_or_steer_a_terminal(breaking: str) -> None:
    line = TextFormatter(verbatim=False).format(record(f"first{breaking}second"))
    assert len(line.splitlines()) == 1
    assert breaking not in line
    assert "first" in line
    assert "second" in line


def test_the_worst_level_still_counts_as_an_error_for_a_filter_that_looks_for_error_at_the_beginning() -> None:
    line = TextFormatter(verbatim=False).format(record("Gone", level=logging.CRITICAL))
    assert line.split(" ")[2].startswith("ERROR")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        pytest.param(f"X-API-Key: {KEY}", KEY, id="header"),
        pytest.param(f"refused {KEY} from 10.0.0.1", KEY, id="a bare key of ours"),
        pytest.param("{'HTTP_X_API_KEY': 'abcdef'}", "abcdef", id="request variables"),
        pytest.param("Authorization: Bearer abc.def.ghi", "abc.def.ghi", id="bearer token"),
        pytest.param("Authorization: Api-Key abcdef", "abcdef", id="key as authorization"),
        pytest.param("password=hunter2, host=db", "hunter2", id="password"),
        pytest.param("Cookie: sessionid=abcdef", "abcdef", id="cookie"),
        pytest.param("postgresql://grader:hunter2@db/grading", "hunter2", id="database address"),
        pytest.param("Not Found: /students?name=Ada+Lovelace", "Ada", id="query string"),
        pytest.param("GET https://h/feedback?token=abcdef HTTP/1.1", "abcdef", id="query string of a full address"),
    ],
)
def test_secrets_are_blanked(text: str, secret: str) -> None:
    assert secret not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "Graded 7f3a9c in 12 ms, score 0.6875",
        "GET /api/gradings/0b8e7d1e-2c55-4a5b-9a2e-0d6a3f1c9b7e/ 200 12.0ms 3456B 10.0.0.1",
        "Job retry_stalled_jobs[1](timestamp=1795523940) ended with status: Success",
        "Which key questions were missed?",
    ],
)
def test_ordinary_lines_stay_as_they_are(text: str) -> None:
    assert redact(text) == text


def test_of_an_exception_only_types_and_places_are_told_because_its_text_may_quote_a_transcript() -> None:
    cause = IntegrityError("DETAIL: Failing row contains (1, Ada Lovelace, any chest\npain?)")
    error = ValueError("can't read 'any chest pain?'")
    error.__cause__ = raised(cause)
    line = TextFormatter(verbatim=False).format(record("Grading failed", error=raised(error)))
    assert "chest" not in line
    assert "Ada" not in line
    assert "builtins.ValueError" in line
    assert "django.db.utils.IntegrityError" in line
    assert f"{__file__}:" in line


def test_what_an_operator_needs_from_an_exception_is_told() -> None:
    error = raised(OperationalError("connection refused"))
    assert "connection refused" in TextFormatter(verbatim=False).format(record("Down", error=error))


def test_development_sees_the_whole_exception() -> None:
    assert "can't read" in TextFormatter(verbatim=True).format(record("Down", error=raised(ValueError("can't read"))))


def test_an_exception_that_caused_itself_ends() -> None:
    error = raised(ValueError("x"))
    error.__context__ = KeyError("y")
    error.__context__.__context__ = error
    assert TextFormatter(verbatim=False).format(record("Loop", error=error)).count("builtins.ValueError") == 1


def test_a_logger_with_a_space_in_its_name_does_not_shift_the_fields() -> None:
    odd = record("message")
    odd.name = "odd name"
    assert TextFormatter(verbatim=False).format(odd).split(" ")[3] == "odd_name"


def test_an_access_line_is_told_under_the_id_of_its_request() -> None:
    access = record("GET /api/grade 201")
    access.request_id = "0123456789abcdef"
    assert TextFormatter(verbatim=False).format(access).split(" ")[1] == "0123456789abcdef"


def test_what_a_logger_is_told_while_handling_an_exception_is_covered_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(TextFormatter(verbatim=False))
    try:
        _ = {"a patient": "Grace"}["Ada"]
    except KeyError:
        logging.getLogger("scoring").exception("Lost")
    assert "builtins.KeyError" in caplog.text
    assert "Ada" not in caplog.text
