from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.env import DatabaseUrl, Environment, SettingError


def env(**variables: str) -> Environment:
    return Environment(variables)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("true", True),
        ("YES", True),
        ("1", True),
        ("on", True),
        ("false", False),
        ("No", False),
        ("0", False),
        ("off", False),
    ],
)
def test_a_boolean_is_read_in_every_common_spelling(raw: str, expected: bool) -> None:
    assert env(DEBUG=raw).boolean("DEBUG", default=not expected) is expected


@pytest.mark.parametrize("raw", ["", "   "], ids=["empty", "blank"])
def test_a_blank_variable_counts_as_unset(raw: str) -> None:
    blank = env(NAME=raw)
    assert blank.boolean("NAME", default=True) is True
    assert blank.integer("NAME", default=7, low=0, high=9) == 7
    assert blank.text("NAME", default="fallback") == "fallback"
    assert blank.given("NAME") is False
    assert blank.database_url("NAME") is None


def _refusals() -> list[object]:
    def case(name: str, call: object, says: str) -> object:
        return pytest.param(call, says, id=name)

    return [
        case("boolean", lambda: env(X="maybe").boolean("X", default=True), "type X=true or X=false"),
        case("number with letters", lambda: env(X="8o").integer("X", default=5, low=1, high=9), "from 1 to 9"),
        case("number below the range", lambda: env(X="0").integer("X", default=5, low=1, high=9), "such as X=5"),
        case("number above the range", lambda: env(X="10").integer("X", default=5, low=1, high=9), "'10'"),
        case("negative number", lambda: env(X="-1").integer("X", default=5, low=1, high=9), "whole number"),
        case("full-width digit", lambda: env(X="８").integer("X", default=5, low=1, high=9), "whole number"),
        case("choice", lambda: env(X="xml").choice("X", default="text", choices=("text", "json")), "text, json"),
        case("host with scheme", lambda: env(X="https://a.org").hosts("X", default=[]), "without scheme"),
        case("host with port", lambda: env(X="a.org:8000").hosts("X", default=[]), "without scheme"),
        case("one bad host of two", lambda: env(X="a.org,b org").hosts("X", default=[]), "'b org'"),
        case("bad IPv6 host", lambda: env(X="[::g]").hosts("X", default=[]), "'[::g]'"),
        case("origin without scheme", lambda: env(X="a.org").origins("X"), "X=https://"),
        case("origin with path", lambda: env(X="https://a.org/x").origins("X"), "nothing behind the host"),
        case("origin with unbalanced bracket", lambda: env(X="https://[::1").origins("X"), "X=https://"),
        case("network with host bits", lambda: env(X="10.0.0.1/8").networks("X", default=()), "X=10.0.0.0/8"),
        case("network that is a name", lambda: env(X="proxy").networks("X", default=()), "addresses or networks"),
        case("rate without period", lambda: env(X="600").rate("X", default="1/hour"), "X=1/hour"),
        case("rate of zero", lambda: env(X="0/minute").rate("X", default="1/hour"), "a number, a slash"),
        case("url of a file", lambda: env(X="file:///etc/passwd").http_url("X"), "http or https"),
        case("url with credentials", lambda: env(X="http://u:p@h/").http_url("X"), "without user name"),
        case("database of another kind", lambda: env(X="mysql://h/n").database_url("X"), "X=postgresql://"),
        case("database without name", lambda: env(X="postgresql://h/").database_url("X"), "X=postgresql://"),
        case("database with a bad port", lambda: env(X="postgresql://h:x/n").database_url("X"), "X=postgresql://"),
        case("cache of another kind", lambda: env(X="memcached://h:1").redis_url("X"), "X=redis://"),
        case("cache with a name for a number", lambda: env(X="redis://h/one").redis_url("X"), "X=redis://"),
        case("two caches", lambda: env(X="redis://h,redis://i").redis_url("X"), "X=redis://"),
        case("secret given twice", lambda: env(X="a", X_FILE="/b").secret("X", default=""), "keep one"),
        case("secret file that is missing", lambda: env(X_FILE="/no/such").secret("X", default=""), "/no/such"),
    ]


@pytest.mark.parametrize(("call", "says"), _refusals())
def test_a_bad_value_is_refused_in_one_sentence_that_says_what_to_type(call: object, says: str) -> None:
    assert callable(call)
    with pytest.raises(SettingError) as refused:
        call()
    sentence = str(refused.value)
    assert says in sentence
    assert sentence.startswith("X")
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_refused_cache_address_is_not_repeated_because_it_holds_a_password() -> None:
    with pytest.raises(SettingError) as refused:
        env(REDIS_URL="http://:hunter2@h").redis_url("REDIS_URL")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "address", ["redis://h", "redis://:p%40ss@h:6379/0", "rediss://default:token@cache.internal:6380/1"]
)
def test_an_address_of_redis_is_taken_as_it_is(address: str) -> None:
    assert env(REDIS_URL=address).redis_url("REDIS_URL") == address


def test_a_refused_database_address_is_not_repeated_because_it_holds_a_password() -> None:
    with pytest.raises(SettingError) as refused:
        env(DATABASE_URL="mysql://root:hunter2@h/n").database_url("DATABASE_URL")
    assert "hunter2" not in str(refused.value)


def test_a_database_address_is_taken_apart_and_decoded() -> None:
    raw = "postgresql://graders:p%40ss%2Fword@db.internal:6432/grading?sslmode=require"
    assert env(X=raw).database_url("X") == DatabaseUrl(
        name="grading",
        user="graders",
        password="p@ss/word",
        host="db.internal",
        port="6432",
        options={"sslmode": "require"},
    )


def test_a_database_address_can_name_a_socket_folder() -> None:
    found = env(X="postgres:///grading?host=/run/postgresql&port=5433").database_url("X")
    assert found is not None
    assert (found.host, found.port, found.options) == ("/run/postgresql", "5433", {})


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("from the file\n")
    assert env(KEY_FILE=str(path)).secret("KEY", default="") == "from the file"


def test_an_empty_secret_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("\n")
    with pytest.raises(SettingError, match="is empty"):
        env(KEY_FILE=str(path)).secret("KEY", default="")


def test_lists_ignore_spaces_and_trailing_commas() -> None:
    assert env(X=" a.org , .b.org,").hosts("X", default=[]) == ["a.org", ".b.org"]
    assert [str(network) for network in env(X="10.0.0.0/8, ::1").networks("X", default=())] == ["10.0.0.0/8", "::1/128"]


def test_every_name_that_was_asked_for_is_remembered() -> None:
    asked = env()
    asked.secret("KEY", default="")
    asked.integer("PORT", default=1, low=1, high=2)
    assert asked.names == {"KEY", "KEY_FILE", "PORT"}


@given(st.text())
def test_no_text_makes_a_parser_fail_in_any_other_way_than_refusing(raw: str) -> None:
    variables = env(X=raw)
    calls = (
        lambda: variables.boolean("X", default=True),
        lambda: variables.integer("X", default=1, low=0, high=9),
        lambda: variables.hosts("X", default=[]),
        lambda: variables.origins("X"),
        lambda: variables.networks("X", default=()),
        lambda: variables.rate("X", default="1/hour"),
        lambda: variables.http_url("X"),
        lambda: variables.database_url("X"),
        lambda: variables.redis_url("X"),
    )
    for call in calls:
        try:
            call()
        except SettingError:
            continue


@given(st.integers(min_value=1, max_value=65_535))
def test_an_integer_in_range_is_read_back(number: int) -> None:
    assert env(PORT=str(number)).integer("PORT", default=1, low=1, high=65_535) == number
