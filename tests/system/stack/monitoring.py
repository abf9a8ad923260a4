"""Prometheus and the blackbox exporter with the shipped configuration, in a hurry."""

from __future__ import annotations

import json
import os
import re
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.system.stack.processes import Program, free_port, wait_until

REPOSITORY = Path(__file__).resolve().parents[3]
SHIPPED = REPOSITORY / "deploy" / "prometheus"
# Five minutes of a rule become twelve seconds here, at a scrape every other second.
_HURRY = 25
_DURATION = re.compile(r"\b(\d+)(m|h)\b")


def hurried(duration: str) -> str:
    """`5m` → `12s`; at least four scrapes, as a rate needs."""

    def shorter(match: re.Match[str]) -> str:
        seconds = int(match[1]) * (60 if match[2] == "m" else 3600)
        return f"{max(8, seconds // _HURRY)}s"

    return _DURATION.sub(shorter, duration)


def hurried_rules(rules: Mapping[str, Any]) -> Mapping[str, Any]:
    """The shipped rules with shorter ranges and waiting times; names and thresholds are as shipped."""
    for group in rules["groups"]:
        for rule in group["rules"]:
            # A duration stands in brackets or behind `offset`; nothing else in an expression looks like one.
            rule["expr"] = hurried(rule["expr"])
            if "for" in rule:
                rule["for"] = "1s"
    return rules


class Monitoring:
    def __init__(self, home: Path, *, site: str, worker: str) -> None:
        """`site` and `worker` are host:port of nginx's TLS port and of the worker's metrics."""
        self.home, self.site, self.worker = home, site, worker
        self.port, self.blackbox_port = free_port(), free_port()
        environment = {"PATH": os.environ["PATH"]}
        self.blackbox = Program(
            name="blackbox exporter",
            command=[
                "prometheus-blackbox-exporter",
                f"--config.file={SHIPPED / 'blackbox.yml'}",
                f"--web.listen-address=127.0.0.1:{self.blackbox_port}",
            ],
            log=home / "blackbox.log",
            environment=environment,
            directory=home,
        )
        self.prometheus = Program(
            name="Prometheus",
            command=[
                "prometheus",
                f"--config.file={home / 'prometheus.yml'}",
                f"--web.listen-address=127.0.0.1:{self.port}",
                f"--storage.tsdb.path={home / 'tsdb'}",
            ],
            log=home / "prometheus.log",
            environment=environment,
            directory=home,
        )

    def start(self) -> None:
        self._configure()
        self.blackbox.start()
        self.prometheus.start()
        wait_until(self._is_ready, seconds=30, what="Prometheus is ready")

    def stop(self) -> None:
        self.prometheus.stop()
        self.blackbox.stop()

    def query(self, expression: str) -> list[tuple[Mapping[str, str], float]]:
        """The labels and the value of each series now."""
        data = self._get("/api/v1/query", query=expression)
        return [(sample["metric"], float(sample["value"][1])) for sample in data["result"]]

    def value(self, expression: str) -> float:
        """The one value of an expression; NaN when it has none."""
        found = self.query(expression)
        return found[0][1] if found else float("nan")

    def firing(self) -> set[str]:
        alerts = self._get("/api/v1/alerts")["alerts"]
        return {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}

    def _get(self, path: str, **parameters: str) -> Any:
        address = f"http://127.0.0.1:{self.port}{path}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(address, timeout=10) as response:
            return json.load(response)["data"]

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=2) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def _configure(self) -> None:
        rules = self.home / "rules"
        rules.mkdir()
        for file in (SHIPPED / "rules").glob("*.yml"):
            (rules / file.name).write_text(yaml.safe_dump(hurried_rules(yaml.safe_load(file.read_text()))))
        config = yaml.safe_load((SHIPPED / "prometheus.yml").read_text())
        config["global"] = {"scrape_interval": "2s", "evaluation_interval": "1s", "scrape_timeout": "2s"}
        config["alerting"] = {}
        for job in config["scrape_configs"]:
            self._aim(job)
        (self.home / "prometheus.yml").write_text(yaml.safe_dump(config))

    def _aim(self, job: dict[str, Any]) -> None:
        """Replace the names inside the compose network by loopback addresses."""
        match job["job_name"]:
            case "grader-web":
                job["static_configs"] = [{"targets": [self.site]}]
            case "grader-worker":
                del job["dns_sd_configs"]
                job["static_configs"] = [{"targets": [self.worker]}]
            case "grader-probe":
                job["static_configs"] = [{"targets": [f"https://{self.site}/health"]}]
                job["relabel_configs"][-1]["replacement"] = f"127.0.0.1:{self.blackbox_port}"
            case "prometheus":
                job["static_configs"] = [{"targets": [f"127.0.0.1:{self.port}"]}]
