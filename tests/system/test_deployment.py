"""The whole deployment on loopback, looked at from outside: TLS, headers, limits, logs, who may see /metrics."""

from __future__ import annotations

import http.client
import json
import re
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.system.stack import proxy
from tests.system.stack.metric_filter import fields_of, matches
from tests.system.stack.outside import OUR_END, THEIR_END
from tests.system.stack.processes import free_port, wait_until
from tests.system.stack.site import RUBRIC_ID, Site
from tests.system.stack.web import SERVER_NAME, Answer, plain_get

pytestmark = pytest.mark.system

REPOSITORY = Path(__file__).resolve().parents[2]
# Of the contract, section 9.
METRIC_FILTER = "[time, request_id, level=ERROR*, ...]"
LINE = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}Z|\+00:00)) (?P<request_id>-|[A-Za-z0-9-]{8,64}) "
    r"(?P<level>DEBUG|INFO|WARNING|ERROR|ERROR-CRITICAL) (?P<logger>[\w.-]+) (?P<message>.+)"
)
HEADERS = (
    "strict-transport-security",
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "x-request-id",
)
SAMPLE = (REPOSITORY / "rubrics" / "library" / "samples" / RUBRIC_ID / "strong.txt").read_text()


def grade(site: Site, *, student: str = "student-1", transcript: str = SAMPLE) -> Answer:
    body = {"rubric_id": RUBRIC_ID, "student_id": student, "submission": {"oral_transcript": transcript}}
    return site.client.post("/api/grade", body)


def curl(site: Site, *arguments: str) -> str:
    name_to_address = f"{SERVER_NAME}:{site.client.port}:127.0.0.1"
    command = ["curl", "--silent", "--max-time", "20", "--cacert", str(site.client.certificate)]
    done = subprocess.run(
        [*command, "--resolve", name_to_address, *arguments], capture_output=True, text=True, timeout=30, check=False
    )
    return done.stdout


def address(site: Site, path: str) -> str:
    return f"https://{SERVER_NAME}:{site.client.port}{path}"


# Start


def test_three_migrations_at_once_take_turns_and_apply_each_step_once(site: Site) -> None:
    assert [done.returncode for done in site.migrations] == [0, 0, 0]
    applied = [step for done in site.migrations for step in re.findall(r"Applying (\S+?)\.\.\. OK", done.stdout)]
    assert len(applied) == len(set(applied)) > 20
    with site.postgres.connect("grader") as connection:
        [(rows, distinct)] = connection.execute(
            "SELECT count(*), count(DISTINCT (app, name)) FROM django_migrations"
        ).fetchall()
    assert rows == distinct == len(applied)


def test_every_part_says_that_it_works(site: Site) -> None:
    status = wait_until(
        lambda: (answer := site.client.get("/services/status").json())["all_healthy"] and answer,
        seconds=30,
        what="every part works",
    )
    assert {"database", "questions", "worker"} <= set(status["services"])


@pytest.mark.parametrize("role", ["web", "worker"])
def test_the_containers_health_check_passes_while_the_process_answers(site: Site, role: str) -> None:
    assert _health_check(site, role, {}) == 0


@pytest.mark.parametrize(("role", "variable"), [("web", "PORT"), ("worker", "WORKER_METRICS_PORT")])
def test_the_containers_health_check_fails_when_nothing_answers(site: Site, role: str, variable: str) -> None:
    assert _health_check(site, role, {variable: str(free_port())}) == 1


def _health_check(site: Site, role: str, extra: dict[str, str]) -> int:
    command = ["python", "deploy/healthcheck.py", role]
    environment = {**site.application.environment, **extra}
    return subprocess.run(
        command, cwd=site.application.app, env=environment, capture_output=True, timeout=20, check=False
    ).returncode


def test_django_has_nothing_to_say_about_the_production_settings(site: Site) -> None:
    done = site.application.run("check", "--deploy", "--fail-level", "WARNING")
    assert done.stdout.strip() == "System check identified no issues (1 silenced)."
    assert done.stderr == ""


UNSAFE = [
    pytest.param({"SECRET_KEY_FILE": "", "DEBUG": "false"}, "SECRET_KEY is not set", id="no secret"),
    pytest.param({"SECRET_KEY_FILE": "", "SECRET_KEY": "change-me" * 9}, "placeholder", id="a placeholder as secret"),
    pytest.param({"SECRET_KEY": "x" * 60}, "are both set", id="a secret and a file with one"),
    pytest.param({"SECRET_KEY_FILE": "/nowhere"}, "can't be read", id="a file that is not there"),
    pytest.param({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set", id="no hosts"),
    pytest.param({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS has '*'", id="all hosts"),
    pytest.param({"DATABASE_URL_FILE": ""}, "DATABASE_URL is not set", id="no database"),
    pytest.param({"DEBUG": "true", "SECURE_SSL_REDIRECT": "true"}, "DEBUG is on", id="debug with TLS"),
    pytest.param({"DEBUG": "perhaps"}, "type DEBUG=true or DEBUG=false", id="a value that is none"),
    pytest.param({"TRUSTED_PROXIES": "0.0.0.0/0"}, "every address there is", id="everybody is a proxy"),
    pytest.param({"DB_POOL_MIN_SIZE": "50", "DB_POOL_MAX_SIZE": "5"}, "DB_POOL_MIN_SIZE=5", id="a pool upside down"),
]


@pytest.mark.parametrize(("changed", "sentence"), UNSAFE)
def test_the_web_server_does_not_start_with_unsafe_settings_and_says_why(
    site: Site, changed: dict[str, str], sentence: str
) -> None:
    refused = site.application.run(
        "web", check=False, variables={"PORT": str(free_port()), "WEB_CONCURRENCY": "1", **changed}
    )
    assert refused.returncode != 0
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("command", ["migrate", "worker"])
def test_no_other_process_starts_with_unsafe_settings_either(site: Site, command: str) -> None:
    refused = site.application.run(command, check=False, variables={"ALLOWED_HOSTS": "*"})
    assert refused.returncode != 0
    assert refused.stderr.strip().startswith("ALLOWED_HOSTS has '*'")
    assert len(refused.stderr.strip().splitlines()) == 1


# Over HTTPS


def test_a_transcript_is_graded_and_the_grading_verified(site: Site) -> None:
    graded = grade(site)
    assert graded.status == 201
    grading = graded.json()
    assert 0 < grading["overall_score"] <= 1
    verified = site.client.post(f"/api/gradings/{grading['grading_id']}/verify", {}).json()
    assert verified["match"] is True
    assert verified["recomputed_digest"] == grading["fingerprint"]["digest"]


def test_http_2_is_spoken(site: Site) -> None:
    version = curl(site, "--http2", "--output", "/dev/null", "--write-out", "%{http_version}", address(site, "/health"))
    assert version == "2"


@pytest.mark.parametrize(
    ("protocol", "spoken"),
    [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)],
    ids=["1.1", "1.2", "1.3"],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_tls_is_modern(site: Site, protocol: ssl.TLSVersion, spoken: bool) -> None:
    context = ssl.create_default_context(cafile=str(site.client.certificate))
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = protocol
    connection = http.client.HTTPSConnection("127.0.0.1", site.client.port, timeout=10, context=context)
    context.check_hostname = False
    try:
        connection.request("GET", "/health")
        assert connection.getresponse().status == 200
        assert spoken
    except ssl.SSLError:
        assert not spoken
    finally:
        connection.close()


def test_plain_http_is_redirected_to_our_name_whatever_name_was_asked_for(site: Site) -> None:
    answer = plain_get(site.http_port, "/a/page?with=query", headers={"Host": "evil.example"})
    assert answer.status == 301
    assert answer.header("location") == address(site, "/a/page?with=query")
    assert "strict-transport-security" not in answer.headers  # RFC 6797: never over plain HTTP


def test_health_answers_plain_http_under_any_name(site: Site) -> None:
    assert plain_get(site.http_port, "/health", headers={"Host": "10.0.3.17"}).status == 200


def test_another_host_is_refused(site: Site) -> None:
    assert site.client.get("/sign-in/", headers={"Host": "evil.example"}).status == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/sign-in/", 200, id="a page"),
        pytest.param("/health", 200, id="health, which answers before the headers are set"),
        pytest.param("/services/status", 200, id="JSON"),
        pytest.param("/nothing/here", 404, id="an error"),
        pytest.param("/static/nothing.css", 404, id="a missing file"),
    ],
)
def test_every_answer_carries_every_security_header_once(site: Site, path: str, status: int) -> None:
    answer = site.client.get(path)
    assert answer.status == status
    for name in HEADERS:
        assert len(answer.headers.get(name, [])) == 1, name
    assert answer.header("strict-transport-security") == "max-age=31536000; includeSubDomains"
    assert "default-src 'none'" in answer.header("content-security-policy")


def test_session_cookies_are_for_https_alone(site: Site) -> None:
    cookie = site.client.get("/sign-in/").header("set-cookie")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie


def test_static_files_are_compressed_cached_for_ever_and_kept_by_nginx(site: Site) -> None:
    page = site.client.get("/sign-in/").body.decode()
    path = re.findall(r"/static/grader/frame\.[0-9a-f]{12}\.css", page)[0]
    for _ in range(2):
        answer = site.client.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.header("content-encoding") == "gzip"
        assert "immutable" in answer.header("cache-control")
    asked_the_application = [line for line in site.web.lines() if path in line]
    assert len(asked_the_application) == 1


def test_json_is_compressed(site: Site) -> None:
    schema = site.client.get("/api/schema/", headers={"Accept-Encoding": "gzip"})
    assert schema.status == 200
    assert schema.header("content-encoding") == "gzip"


# Limits


def test_a_body_above_the_limit_is_refused_at_the_edge_in_our_shape(site: Site) -> None:
    context = ssl.create_default_context(cafile=str(site.client.certificate))
    context.check_hostname = False
    connection = http.client.HTTPSConnection("127.0.0.1", site.client.port, timeout=10, context=context)
    connection.putrequest("POST", "/api/grade", skip_host=True)
    connection.putheader("Host", SERVER_NAME)
    connection.putheader("Content-Length", str(8 * 1024 * 1024 + 1))
    connection.endheaders()
    answer = connection.getresponse()
    error = json.loads(answer.read())["error"]
    connection.close()
    assert answer.status == 413
    assert error["code"] == "too_large"
    assert "8 MiB" in error["message"]
    assert error["request_id"] == answer.headers["X-Request-ID"]
    for name in HEADERS:
        assert len(answer.headers.get_all(name, [])) == 1, name


def test_a_body_just_below_the_limit_is_judged_by_the_application(site: Site) -> None:
    answer = grade(site, transcript="a" * (8 * 1024 * 1024 - 1024))
    assert answer.status == 413
    assert "8 MiB" not in answer.json()["error"]["message"]


def test_a_flood_from_one_address_is_turned_away_and_others_are_not(site: Site) -> None:
    flooder = f"https://{SERVER_NAME}:{site.client.port}/api/nothing?[1-150]"
    statuses = curl(
        site,
        *("--interface", "127.0.0.9", "--output", "/dev/null", "--write-out", "%{http_code}\n"),
        *("--parallel", "--parallel-max", "20", flooder),
    ).split()
    assert statuses.count("429") > 20
    assert statuses.count("404") + statuses.count("401") >= 60
    turned_away = site.from_address("127.0.0.9").get("/api/nothing")
    if turned_away.status == 429:  # a token may have come back meanwhile
        assert turned_away.json()["error"]["code"] == "throttled"
        assert turned_away.header("retry-after") == "1"
    assert site.client.get("/api/nothing").status == 404


def test_without_an_application_visitors_get_a_page_and_programs_get_json(site: Site, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    port, tls_port = free_port(), free_port()
    variables = _nginx_variables(site, backend=f"127.0.0.1:{free_port()}", http_port=port, tls_port=tls_port)
    nginx = proxy.nginx(tmp_path, proxy.render(tmp_path, templates="templates", variables=variables))
    nginx.start()
    try:
        lonely = type(site.client)(port=tls_port, certificate=site.client.certificate)
        page = wait_until(lambda: _or_none(lonely.get, "/sign-in/"), seconds=10, what="nginx answers")
        assert page.status == 502
        assert page.header("content-type") == "text/html; charset=utf-8"
        assert b"try again in a minute" in page.body
        data = lonely.get("/api/gradings/")
        assert data.status == 502
        assert data.json()["error"]["code"] == "unavailable"
        assert data.header("retry-after") == "10"
        for name in HEADERS:
            assert len(data.headers.get(name, [])) == 1, name
        wait_until(
            lambda: [line for line in nginx.lines() if matches(METRIC_FILTER, line) and "/api/gradings/ 502" in line],
            seconds=5,
            what="nginx logs an error",
        )
    finally:
        nginx.stop()


def _or_none(ask: Callable[[str], Answer], path: str) -> Answer | None:
    try:
        return ask(path)
    except OSError:
        return None


def _nginx_variables(site: Site, *, backend: str, http_port: int, tls_port: int) -> dict[str, str]:
    return {
        "SERVER_NAME": SERVER_NAME,
        "PUBLIC_URL": f"https://{SERVER_NAME}",
        "BACKEND": backend,
        "RESOLVER": "127.0.0.1",
        "HTTP_LISTEN": f"127.0.0.1:{http_port}",
        "HTTPS_LISTEN": f"127.0.0.1:{tls_port}",
        "TLS_DIR": str(site.client.certificate.parent),
        "LOG_FORMAT": "text",
        "LOAD_BALANCER_NETWORK": "127.0.0.0/8",
    }


@pytest.mark.parametrize("templates", ["templates", "templates-behind-load-balancer"])
@pytest.mark.parametrize("log_format", ["text", "json"])
def test_nginx_is_content_with_the_configuration(site: Site, tmp_path: Path, templates: str, log_format: str) -> None:
    variables = _nginx_variables(site, backend="127.0.0.1:8000", http_port=free_port(), tls_port=free_port())
    main = proxy.render(tmp_path, templates=templates, variables={**variables, "LOG_FORMAT": log_format})
    assert proxy.complaints(main) == ""


def test_behind_a_load_balancer_the_client_is_the_one_it_names(site: Site, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    port = free_port()
    variables = _nginx_variables(site, backend=f"127.0.0.1:{site.web_port}", http_port=port, tls_port=free_port())
    variables["LOG_FORMAT"] = "json"
    templates = "templates-behind-load-balancer"
    nginx = proxy.nginx(tmp_path, proxy.render(tmp_path, templates=templates, variables=variables))
    nginx.start()
    by_load_balancer = {"Host": SERVER_NAME, "X-Forwarded-For": f"10.9.9.9, {THEIR_END}", "X-Forwarded-Proto": "https"}
    try:
        wait_until(lambda: _or_none(lambda path: plain_get(port, path), "/health"), seconds=10, what="nginx answers")
        assert plain_get(port, "/sign-in/", headers=by_load_balancer).status == 200
        # What stands left of the client's address was written by the client.
        assert plain_get(port, "/metrics", headers=by_load_balancer).status == 403
        assert plain_get(port, "/metrics", headers={"Host": "10.0.1.7"}).status == 200
        plain = plain_get(port, "/sign-in/", headers={**by_load_balancer, "X-Forwarded-Proto": "http"})
        assert plain.status == 301
        assert plain.header("location") == f"https://{SERVER_NAME}/sign-in/"
        line = wait_until(lambda: [line for line in nginx.lines() if "/sign-in/ 200" in line], seconds=5, what="a line")
        assert set(json.loads(line[0])) == {"time", "request_id", "level", "logger", "message"}
        assert json.loads(line[0])["message"].endswith(THEIR_END)
    finally:
        nginx.stop()


# Who may see /metrics


def _outside_status(site: Site, *arguments: str) -> str:
    if site.outside is None:
        pytest.skip("a network namespace needs root and iproute2")
    resolve = f"{SERVER_NAME}:{site.client.port}:{OUR_END}"
    return site.outside.run(
        [
            *("curl", "--silent", "--max-time", "10", "--cacert", str(site.client.certificate), "--resolve", resolve),
            *("--path-as-is", "--output", "/dev/null", "--write-out", "%{http_code}", *arguments),
        ]
    )


def test_metrics_answer_an_internal_address(site: Site) -> None:
    answer = site.client.get("/metrics")
    assert answer.status == 200
    assert b"grading_requests_total" in answer.body


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "//metrics", "/%6detrics", "/x/../metrics", "/metrics?a=b"])
def test_metrics_refuse_an_outside_address_however_the_path_is_written(site: Site, path: str) -> None:
    assert _outside_status(site, address(site, path)) == "403"


@pytest.mark.parametrize("header", ["X-Forwarded-For: 127.0.0.1", "X-Real-IP: 10.0.0.1", "Forwarded: for=127.0.0.1"])
def test_a_forged_header_opens_nothing(site: Site, header: str) -> None:
    assert _outside_status(site, "--header", header, address(site, "/metrics")) == "403"


def test_the_rest_is_open_to_an_outside_address(site: Site) -> None:
    assert _outside_status(site, address(site, "/health")) == "200"
    assert _outside_status(site, address(site, "/sign-in/")) == "200"


def test_the_application_refuses_by_itself_when_nobody_stands_before_it(site: Site) -> None:
    if site.outside is None:
        pytest.skip("a network namespace needs root and iproute2")
    port = str(free_port())
    bare = site.application.program("bare", "web", PORT=port, BIND_ADDRESS=OUR_END, WEB_CONCURRENCY="1")
    bare.start()
    try:
        wait_until(
            lambda: _or_none(lambda path: plain_get(int(port), path, host=OUR_END), "/health"), seconds=20, what="up"
        )
        lines = (f"Host: {SERVER_NAME}", "X-Forwarded-Proto: https", "X-Forwarded-For: 127.0.0.1")
        forged = [argument for line in lines for argument in ("--header", line)]
        # Its forwarded scheme is not believed either, so it is sent away to HTTPS before anything is shown.
        assert _outside_status(site, *forged, f"http://{OUR_END}:{port}/metrics") == "301"
        insecure = site.application.program(
            "bare-insecure", "web", PORT=port, BIND_ADDRESS=OUR_END, WEB_CONCURRENCY="1", SECURE_SSL_REDIRECT="false"
        )
        bare.stop()
        insecure.start()
        try:
            wait_until(
                lambda: _or_none(lambda path: plain_get(int(port), path, host=OUR_END), "/health"),
                seconds=20,
                what="up",
            )
            assert _outside_status(site, *forged, f"http://{OUR_END}:{port}/metrics") == "403"
        finally:
            insecure.stop()
    finally:
        bare.stop()


# Logs


AWS_EXAMPLE = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'


@pytest.mark.parametrize(
    ("pattern", "counted"),
    [
        ("[ip, user, username, timestamp, request, status_code, bytes]", True),
        ("[ip, user, username, timestamp, request=*.html*, status_code=4*, bytes]", True),
        ("[ip, user, username, timestamp, request, status_code=5*, bytes]", False),
        ("[..., request=*.html*, status_code=4*, bytes]", True),
        ("[..., status_code, bytes]", True),
        ("[ip, ..., bytes > 0]", True),
        ("[ip, user, username]", False),
        ("[ip, user, username, timestamp, request, status_code=404||status_code=410, bytes]", True),
        ("[ip!=127.0.0.1, ...]", False),
    ],
)
def test_our_reading_of_metric_filters_fits_the_examples_of_aws(pattern: str, counted: bool) -> None:
    assert len(fields_of(AWS_EXAMPLE)) == 7
    assert matches(pattern, AWS_EXAMPLE) is counted


def test_every_line_of_every_process_has_the_format(site: Site) -> None:
    grade(site)
    for program in site.programs():
        lines = program.lines()
        assert lines, program.name
        assert [line for line in lines if not LINE.fullmatch(line)] == [], program.name


def test_the_metric_filter_counts_errors_and_nothing_else(site: Site) -> None:
    lines = [line for program in site.programs() for line in program.lines()]
    for line in lines:
        found = LINE.fullmatch(line)
        assert found
        assert matches(METRIC_FILTER, line) == found["level"].startswith("ERROR"), line


def test_one_id_joins_the_answer_and_both_logs(site: Site) -> None:
    given = "deployment-test-0001"
    answer = site.client.get("/services/status", headers={"X-Request-ID": given})
    assert answer.header("x-request-id") == given
    made = site.client.get("/services/status", headers={"X-Request-ID": "two words"}).header("x-request-id")
    assert re.fullmatch(r"[0-9a-f]{32}", made)
    for request_id in (given, made):
        for program in (site.nginx, site.web):
            assert wait_until(
                lambda program=program, request_id=request_id: [  # type: ignore[misc]
                    line for line in program.lines() if line.split(" ")[1] == request_id
                ],
                seconds=5,
                what=f"{program.name} logged {request_id}",
            )


def test_nothing_that_a_person_said_or_a_key_reaches_a_log(site: Site) -> None:
    secret_words = "xylophonitis"
    graded = grade(site, student="Zebedee-Quince", transcript=f"{SAMPLE}\nPatient: I have {secret_words}.\n")
    assert graded.status == 201
    site.client.get(f"/api/gradings/?search={secret_words}")
    site.client.get(f"/sign-in/?next=/{secret_words}")
    logged = "\n".join(line for program in site.programs() for line in program.lines())
    assert graded.header("x-request-id") in logged
    for secret in (secret_words, "Zebedee", site.client.key, site.postgres.password):
        assert secret not in logged


# What a person runs


RUNBOOK_SQL = re.findall(r"(?ms)^```sql\n(.*?)^```", (REPOSITORY / "docs" / "operations.md").read_text())


@pytest.mark.parametrize("statement", RUNBOOK_SQL)
def test_the_sql_of_the_runbook_runs(site: Site, statement: str) -> None:
    with site.postgres.connect("grader") as connection:
        assert connection.execute(statement.encode()).description


def test_a_failed_job_is_retried_as_the_runbook_says(site: Site) -> None:
    with site.postgres.connect("grader") as connection:
        [(job,)] = connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args)"
            "VALUES ('default', 'grader.tasks.remove_old_jobs', 'failed', '{\"timestamp\": 0}') RETURNING id"
        ).fetchall()
        site.application.run("procrastinate", "shell", "retry", str(job))
        wait_until(
            lambda: connection.execute(
                "SELECT 1 FROM procrastinate_jobs WHERE id = %s AND status = 'succeeded'", [job]
            ).fetchall(),
            seconds=20,
            what="the job succeeded",
        )


def test_shellcheck_finds_nothing() -> None:
    scripts = [str(path) for path in sorted((REPOSITORY / "deploy").rglob("*.sh"))]
    done = subprocess.run(
        ["shellcheck", "--external-sources", *scripts], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == ""
    assert done.returncode == 0


def test_the_smoke_test_passes_on_a_site_that_works(site: Site, tmp_path: Path) -> None:
    done = _smoke(site, tmp_path, site.client.key, RUBRIC_ID)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything holds." in done.stdout
    assert "FAILED" not in done.stdout
    assert "graded again: the digests match" in done.stdout
    assert "valid until" in done.stdout


def test_the_smoke_test_fails_with_a_wrong_key_and_an_unknown_rubric(site: Site, tmp_path: Path) -> None:
    done = _smoke(site, tmp_path, "wrong.key", "no_such_rubric")
    assert done.returncode == 1
    assert "the key is not accepted: 403" in done.stdout
    assert "not graded" in done.stdout


def _smoke(site: Site, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (home / ".curlrc").write_text(
        f"resolve = {SERVER_NAME}:{site.client.port}:127.0.0.1\n"
        f"resolve = {SERVER_NAME}:{site.http_port}:127.0.0.1\n"
        f"cacert = {site.client.certificate}\n"
    )
    environment = {**site.application.environment, "HOME": str(home), "SMOKE_HTTP_PORT": str(site.http_port)}
    command = [str(REPOSITORY / "deploy" / "smoke.sh"), f"https://{SERVER_NAME}:{site.client.port}", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
