from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.env import Environment, SettingError
from grader.safety import DEVELOPMENT_SECRET_KEY, refuse_open_debug, refuse_unsafe, runs_in_debug

ROOT = Path(__file__).resolve().parents[2]
SECRET = "q7Zr2uXk9Lw4Tn6Bv1Hs8Gd3Fj5Pm0Yc-Qe_Ro.Ai,Us;Dt:Kz!Nb"
PRODUCTION: dict[str, Any] = {
    "debug": False,
    "secret_key": SECRET,
    "allowed_hosts": ["grading.example.org"],
    "has_database_url": True,
    "ssl_redirect": True,
    "hsts_seconds": 31_536_000,
    "hosts_given": True,
    "debug_given": False,
}
DEVELOPMENT: dict[str, Any] = {
    "debug": True,
    "secret_key": DEVELOPMENT_SECRET_KEY,
    "allowed_hosts": ["localhost"],
    "has_database_url": False,
    "ssl_redirect": False,
    "hsts_seconds": 0,
    "hosts_given": False,
    "debug_given": False,
}


@pytest.mark.parametrize("settings", [PRODUCTION, DEVELOPMENT], ids=["production", "development"])
def test_sound_settings_are_accepted(settings: dict[str, Any]) -> None:
    refuse_unsafe(**settings)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"secret_key": DEVELOPMENT_SECRET_KEY}, "SECRET_KEY is not set", id="no secret"),
        pytest.param({"secret_key": "short-but-random-Zx81"}, "shorter than 50", id="short secret"),
        pytest.param({"secret_key": "ab" * 40}, "too few different", id="repetitive secret"),
        pytest.param({"secret_key": "change-me-" + SECRET}, "placeholder", id="placeholder"),
        pytest.param({"secret_key": "django-insecure-" + SECRET}, "placeholder", id="generated for development"),
        pytest.param({"allowed_hosts": []}, "ALLOWED_HOSTS is not set", id="no hosts"),
        pytest.param({"allowed_hosts": ["a.org", "*"]}, "ALLOWED_HOSTS has '*'", id="every host"),
        pytest.param({"has_database_url": False}, "DATABASE_URL is not set", id="embedded database"),
    ],
)
def test_production_refuses(change: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingError, match=says.replace("*", r"\*")) as refused:
        refuse_unsafe(**{**PRODUCTION, **change})
    assert "type " in str(refused.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"ssl_redirect": True}, "type DEBUG=false", id="with a TLS redirect"),
        pytest.param({"hsts_seconds": 60}, "type DEBUG=false", id="with HSTS"),
        pytest.param({"hosts_given": True}, "type SECRET_KEY=", id="with hosts and no word about DEBUG"),
    ],
)
def test_debug_refuses_what_belongs_to_production(change: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingError, match=says):
        refuse_unsafe(**{**DEVELOPMENT, **change})


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, True),
        ({"DATABASE_URL": "postgresql://h/n"}, True),
        ({"SECRET_KEY": SECRET}, False),
        ({"SECRET_KEY_FILE": "/run/secrets/key"}, False),
        ({"SECRET_KEY": SECRET, "DEBUG": "true"}, True),
        ({"DEBUG": "false"}, False),
    ],
    ids=["nothing", "a database alone", "a secret", "a secret file", "said so", "said not"],
)
def test_a_secret_is_what_turns_debug_off(variables: dict[str, str], expected: bool) -> None:
    assert runs_in_debug(Environment(variables)) is expected


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_debug_may_listen_on_its_own_machine(address: str) -> None:
    refuse_open_debug(debug=True, address=address)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "10.0.0.5", "example.org"])
def test_debug_may_not_listen_where_others_can_reach_it(address: str) -> None:
    with pytest.raises(SettingError, match=r"type BIND_ADDRESS=127\.0\.0\.1"):
        refuse_open_debug(debug=True, address=address)
    refuse_open_debug(debug=False, address=address)


def _run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    "command",
    [("manage.py", "check"), ("-m", "gunicorn", "--check-config", "--config", "deploy/gunicorn.conf.py")],
    ids=["a command", "gunicorn"],
)
@pytest.mark.parametrize(
    ("variables", "says"),
    [({"DEBUG": "perhaps"}, "DEBUG is 'perhaps': type"), ({"THREADS": "many"}, "THREADS is 'many': type")],
    ids=["DEBUG", "THREADS"],
)
def test_the_boot_stops_with_one_sentence(command: tuple[str, ...], variables: dict[str, str], says: str) -> None:
    stopped = _run(*command, **variables)
    assert stopped.returncode != 0
    assert says in stopped.stderr
    assert len(stopped.stderr.strip().splitlines()) == 1


def test_gunicorn_refuses_an_open_debug_server() -> None:
    stopped = _run("-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", BIND_ADDRESS="0.0.0.0", PORT="1")
    assert stopped.returncode != 0
    assert stopped.stderr.startswith("DEBUG is on and BIND_ADDRESS is 0.0.0.0")
    assert len(stopped.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
        ({"SECRET_KEY": "change-me"}, "SECRET_KEY is a placeholder"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is 'loud'"),
        ({"TRUSTED_PROXIES": "0.0.0.0/0"}, "(grader.E003) TRUSTED_PROXIES holds every address"),
    ],
    ids=["hosts", "secret", "database", "log level", "a system check"],
)
def test_gunicorn_starts_no_worker_with_settings_that_are_refused(variables: dict[str, str], says: str) -> None:
    sound = {
        "SECRET_KEY": SECRET,
        "ALLOWED_HOSTS": "grading.example.org",
        "DATABASE_URL": "postgresql://grader@127.0.0.1:1/grading",
        "BIND_ADDRESS": "127.0.0.1",
        "PORT": "1",
    }
    stopped = _run("-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", **{**sound, **variables})
    assert stopped.returncode != 0
    assert says in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert "Booting worker" not in stopped.stderr


def test_the_deployment_check_is_silent_with_production_settings() -> None:
    checked = _run(
        "manage.py",
        "check",
        "--deploy",
        SECRET_KEY=SECRET,
        ALLOWED_HOSTS="grading.example.org",
        DATABASE_URL="postgresql://grader@127.0.0.1:1/grading",
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "no issues" in checked.stdout
