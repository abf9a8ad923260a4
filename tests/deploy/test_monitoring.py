"""Rules and dashboard name only metrics that exist, and every alert has its runbook."""

from __future__ import annotations

import re
from collections.abc import Iterator

import django_prometheus.db.metrics
import django_prometheus.middleware
import pytest
from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import CollectorRegistry

import scoring.metrics
from grader.worker_metrics import QueueCollector
from tests.deploy.files import DEPLOY, ROOT, dashboard, dashboard_expressions, metrics_in, rules

# Prometheus' own and the blackbox exporter's.
OF_OTHERS = {"up", "ALERTS", "probe_success", "probe_ssl_earliest_cert_expiry"}
CONTRACT = {
    "grading_requests_total",
    "grading_request_duration_seconds",
    "grading_component_scores",
    "grading_overall_scores",
    "grading_errors_total",
    "grading_service_health",
}


def _series(metric: MetricWrapperBase) -> set[str]:
    name = metric._name
    match metric:
        case Counter():
            return {f"{name}_total"}
        case Histogram():
            return {f"{name}_bucket", f"{name}_sum", f"{name}_count"}
        case Gauge():
            return {name}
        case _:
            return set()


def _declared(namespace: object) -> Iterator[str]:
    for value in vars(namespace).values():
        if isinstance(value, MetricWrapperBase):
            yield from _series(value)


def _rows_of_any_query(query: str) -> list[tuple[object, ...]]:
    if "enum_range" in query:
        return [("default", "todo", 1)]
    if "pg_stat_activity" in query:
        return [("idle", 1)]
    return [(1, 1)] if "procrastinate_workers" in query else [(1,)]


@pytest.fixture
def existing(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every series that the web server or a worker can tell."""
    monkeypatch.setattr("grader.worker_metrics._rows", _rows_of_any_query)
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    names = {sample.name for metric in registry.collect() for sample in metric.samples}
    names |= {sample.name for metric in QueueCollector().collect() for sample in metric.samples}
    names |= set(_declared(scoring.metrics)) | set(_declared(django_prometheus.db.metrics))
    names |= set(_declared(django_prometheus.middleware.Metrics.get_instance()))
    return names | {rule["record"] for rule in rules() if "record" in rule} | OF_OTHERS


@pytest.mark.parametrize("expression", [rule["expr"] for rule in rules()])
def test_a_rule_names_only_metrics_that_exist(expression: str, existing: set[str]) -> None:
    named = metrics_in(expression)
    assert named
    assert named - existing == set()


@pytest.mark.parametrize("expression", dashboard_expressions())
def test_the_dashboard_names_only_metrics_that_exist(expression: str, existing: set[str]) -> None:
    named = metrics_in(expression)
    assert named
    assert named - existing == set()


def test_the_metrics_of_the_contract_are_all_on_the_dashboard() -> None:
    shown = {name for expression in dashboard_expressions() for name in metrics_in(expression)}
    shown |= {name for rule in rules() if rule.get("record") in shown for name in metrics_in(rule["expr"])}
    for metric in CONTRACT:
        assert any(name.startswith(metric) for name in shown), metric


def test_every_alert_has_a_severity_a_summary_and_a_section_in_the_runbook() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    headings = {
        re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in re.findall(r"(?m)^#+ (.+)$", page)
    }
    alerts = [rule for rule in rules() if "alert" in rule]
    assert alerts
    for rule in alerts:
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"]["summary"].endswith(".")
        document, anchor = rule["annotations"]["runbook"].split("#")
        assert document == "docs/operations.md"
        assert anchor in headings, rule["alert"]


def test_the_runbook_has_no_section_for_an_alert_that_is_gone() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    named = {rule["alert"] for rule in rules() if "alert" in rule}
    assert set(re.findall(r"(?m)^### ([A-Z]\w+[a-z][A-Z]\w+)$", page)) <= named


def test_every_rule_is_tested() -> None:
    tests = (DEPLOY / "prometheus" / "tests" / "rules_test.yml").read_text()
    for rule in rules():
        if "alert" in rule:
            assert rule["alert"] in tests, rule["alert"]


def test_the_panels_of_the_dashboard_do_not_overlap_and_are_explained() -> None:
    taken: set[tuple[int, int]] = set()
    panels = dashboard()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {
            (column, line)
            for column in range(place["x"], place["x"] + place["w"])
            for line in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells
        assert panel["type"] == "row" or panel["description"]


def test_the_dashboard_asks_the_data_source_that_is_provisioned() -> None:
    provisioned = (DEPLOY / "grafana" / "provisioning" / "datasources" / "prometheus.yml").read_text()
    [uid] = re.findall(r"uid: (\S+)", provisioned)
    used = {panel["datasource"]["uid"] for panel in dashboard()["panels"] if "datasource" in panel}
    assert used == {uid}
