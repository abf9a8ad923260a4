"""Reads what is shipped for deployment."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE_FILES = (ROOT / "docker-compose.yml", DEPLOY / "compose.prod.yml")

_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
# What stands in an expression and is no metric.
_WORDS = frozenset(
    [
        "sum",
        "min",
        "max",
        "avg",
        "count",
        "by",
        "without",
        "rate",
        "increase",
        "delta",
        "changes",
        "histogram_quantile",
        "absent",
        "vector",
        "and",
        "or",
        "unless",
        "on",
        "ignoring",
        "group_left",
        "group_right",
        "offset",
        "time",
        "clamp",
        "le",
        "bool",
        "label_replace",
        "label_values",
        "humanize",
    ]
)


def compose(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text()))


def rules() -> list[dict[str, Any]]:
    """Every recording and alerting rule."""
    documents = [yaml.safe_load(path.read_text()) for path in sorted((DEPLOY / "prometheus" / "rules").glob("*.yml"))]
    return [rule for document in documents for group in document["groups"] for rule in group["rules"]]


def dashboard() -> dict[str, Any]:
    return dict(json.loads((DEPLOY / "grafana" / "dashboards" / "grader.json").read_text()))


def dashboard_expressions() -> list[str]:
    expressions = [target["expr"] for panel in dashboard()["panels"] for target in panel.get("targets", [])]
    return expressions + [annotation["expr"] for annotation in dashboard()["annotations"]["list"]]


def metrics_in(expression: str) -> set[str]:
    """The metrics that a PromQL expression names.

    >>> sorted(metrics_in('sum by (le) (rate(a_bucket{x="b_c"}[5m])) / max(d:e:f)'))
    ['a_bucket', 'd:e:f']
    """
    without_labels = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\"[^\"]*\"", " ", expression)
    without_groups = re.sub(r"\b(by|without|on|ignoring)\s*\([^)]*\)", " ", without_labels)
    return {name for name in _NAME.findall(without_groups) if name not in _WORDS}
