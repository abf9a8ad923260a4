"""Prometheus beside the running site: what it scrapes, what the dashboard shows, which alerts fire."""

from __future__ import annotations

import math
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.deploy.files import DEPLOY, dashboard_expressions
from tests.system.stack.processes import wait_until
from tests.system.stack.site import RUBRIC_ID, Site
from tests.system.stack.web import plain_get

pytestmark = pytest.mark.system

SAMPLE = (DEPLOY.parent / "rubrics" / "library" / "samples" / RUBRIC_ID / "middling.txt").read_text()
# Series that exist only while something is wrong.
ONLY_IN_TROUBLE = re.compile(r'status=~"4|ALERTS|changes\(')


def _grade(site: Site, student: str) -> int:
    body = {"rubric_id": RUBRIC_ID, "student_id": student, "submission": {"oral_transcript": SAMPLE}}
    return site.client.post("/api/grade", body).status


def _counted(text: str, series: str) -> float:
    found = re.search(rf"(?m)^{re.escape(series)} (\S+)$", text)
    return float(found[1]) if found else 0.0


def test_every_target_is_scraped(site: Site) -> None:
    jobs = {"grader-web", "grader-worker", "grader-probe", "prometheus"}
    wait_until(
        lambda: {labels["job"] for labels, value in site.monitoring.query("up") if value == 1} == jobs,
        seconds=20,
        what=f"all of {jobs} are up",
    )
    assert site.monitoring.value("probe_success") == 1
    wait_until(lambda: site.monitoring.value("grader:database_connections:ratio") > 0, seconds=15, what="rules run")


def test_a_scrape_tells_the_sum_of_all_web_processes(site: Site) -> None:
    graded = 'grading_requests_total{endpoint="/api/grade",service="grade",status="201"}'
    scored = "grading_overall_scores_count"
    before = site.client.get("/metrics").body.decode()
    for number in range(12):
        assert _grade(site, f"sum-{number}") == 201
    # Whichever process answers, the sum is the same.
    for _ in range(9):
        after = site.client.get("/metrics").body.decode()
        assert _counted(after, graded) == _counted(before, graded) + 12
        assert _counted(after, scored) == _counted(before, scored) + 12


def test_several_processes_took_part_in_that(site: Site) -> None:
    assert len(list((site.home / "metrics").glob("counter_*.db"))) >= 3


def test_the_worker_tells_its_own_and_the_queue(site: Site) -> None:
    text = plain_get(site.worker_port, "/metrics").body.decode()
    assert _counted(text, "grading_queue_workers") == 1
    assert _counted(text, 'grading_queue_jobs{queue="default",status="failed"}') == 0
    assert _counted(text, "process_resident_memory_bytes") > 10_000_000
    wait_until(
        lambda: site.monitoring.value('grading_queue_workers{job="grader-worker"}') == 1, seconds=10, what="scraped"
    )


def test_every_panel_of_the_dashboard_shows_something(site: Site) -> None:
    deadline = time.monotonic() + 30
    waiting = {expression for expression in dashboard_expressions() if not ONLY_IN_TROUBLE.search(expression)}
    assert len(waiting) > 20
    while waiting and time.monotonic() < deadline:
        assert _grade(site, "panel") == 201
        waiting = {expression for expression in waiting if not _shows_a_number(site, expression)}
        time.sleep(1)
    # Nothing failed yet, so there may be no error of any kind to show.
    assert waiting - {expression for expression in waiting if "grading_errors_total" in expression} == set()


def _shows_a_number(site: Site, expression: str) -> bool:
    filled = expression.replace("$__rate_interval", "12s").replace("$__range", "30s").replace("$component", ".+")
    return any(not math.isnan(value) for _, value in site.monitoring.query(filled))


def test_a_site_that_is_well_fires_no_alert(site: Site) -> None:
    # SlowRequests tells how busy the machine is that runs the tests.
    assert site.monitoring.firing() - {"SlowRequests"} == set()


@contextmanager
def _a_table_missing(site: Site) -> Iterator[None]:
    """What a forgotten migration looks like: every grading fails with a ProgrammingError."""
    with site.postgres.connect("grader") as connection:
        connection.execute("ALTER TABLE scoring_grading RENAME TO scoring_grading_gone")
    try:
        yield
    finally:
        with site.postgres.connect("grader") as connection:
            connection.execute("ALTER TABLE scoring_grading_gone RENAME TO scoring_grading")


def test_errors_fire_alerts_that_end_with_them(site: Site) -> None:
    wanted = {"HighErrorRatio", "GradingErrors"}
    with _a_table_missing(site):

        def fails_and_fires() -> bool:
            assert _grade(site, "error") == 500
            return wanted <= site.monitoring.firing()

        wait_until(fails_and_fires, seconds=40, what=f"{wanted} fire, not only {site.monitoring.firing()}")

    def works_and_is_quiet() -> bool:
        assert _grade(site, "well-again") == 201
        return not wanted & site.monitoring.firing()

    wait_until(works_and_is_quiet, seconds=60, every=0.3, what="the alerts end")


def test_a_worker_that_hangs_is_noticed(site: Site) -> None:
    """A stopped process keeps its port open and answers nothing."""
    site.worker.signal(signal.SIGSTOP)
    try:
        wait_until(lambda: "WorkerDown" in site.monitoring.firing(), seconds=30, what="WorkerDown fires")
    finally:
        site.worker.signal(signal.SIGCONT)
    wait_until(lambda: "WorkerDown" not in site.monitoring.firing(), seconds=30, what="WorkerDown ends")


def test_without_its_database_the_site_lives_tells_what_is_wrong_and_heals(site: Site) -> None:
    site.postgres.stop()
    try:
        assert site.client.get("/health").status == 200
        started = time.monotonic()
        status = site.client.get("/services/status").json()
        assert time.monotonic() - started < 9  # Prometheus would give up after ten
        assert status["all_healthy"] is False
        assert not status["services"]["database"]["healthy"]
        assert status["services"]["questions"]["healthy"]
        assert 'grading_service_health{service="database"} 0.0' in site.client.get("/metrics").body.decode()
        wait_until(lambda: not site.worker.runs, seconds=40, what="the worker gives up, to be started again")
        assert site.worker.stop() == 1
        assert any("ERROR grader.management.commands.worker The worker lost" in line for line in site.worker.lines())
    finally:
        site.postgres.start()
        site.worker.stop()
        site.worker.start()
    wait_until(
        lambda: site.client.get("/services/status").json()["all_healthy"],
        seconds=45,
        every=0.5,
        what="all is well again",
    )
    assert _grade(site, "after-the-database-came-back") == 201


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["promtool", "test", "rules", "tests/rules_test.yml"], id="unit tests of the rules"),
        pytest.param(["promtool", "check", "config", "prometheus.yml"], id="configuration"),
        pytest.param(["promtool", "check", "rules", "rules/alerts.yml", "rules/recording.yml"], id="rules"),
        pytest.param(["prometheus-blackbox-exporter", "--config.check", "--config.file=blackbox.yml"], id="probe"),
    ],
)
def test_the_tools_of_prometheus_are_content(command: list[str]) -> None:
    done = subprocess.run(command, cwd=DEPLOY / "prometheus", capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILED" not in done.stdout + done.stderr


def test_alertmanager_can_read_its_configuration(tmp_path: Path) -> None:
    # url_file is newer than the Alertmanager of Debian 12.
    text = (DEPLOY / "prometheus" / "alertmanager.yml").read_text()
    (tmp_path / "alertmanager.yml").write_text(re.sub(r"url_file: .*", "url: http://127.0.0.1:1/", text))
    done = subprocess.run(
        ["amtool", "check-config", str(tmp_path / "alertmanager.yml")],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
