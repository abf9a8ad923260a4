"""The layers of docs/architecture.md, enforced. Each failure says what to move where."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("rubrics", "scoring", "feedback", "grader")
IMPURE = {
    "django", "rest_framework", "psycopg", "procrastinate", "prometheus_client", "logging", "time", "os",
    "socket", "urllib", "requests", "subprocess", "secrets", "uuid", "threading", "asyncio",
}  # fmt: skip
CLOCKS = {"now", "today", "utcnow"}


def modules(*parts: str) -> list[Path]:
    return sorted(
        path
        for package in LAYERS
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts and all(part in path.parts for part in parts)
    )


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively; name the package"
            yield node.lineno, node.module or ""


def upward(path: Path, source: str | None = None) -> list[str]:
    here = LAYERS.index(path.relative_to(ROOT).parts[0])
    above = set(LAYERS[here + 1 :])
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}: move what it needs into {LAYERS[here]} or further left"
        for line, name in imports(path)
        if name.split(".")[0] in above
    ]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_no_module_imports_an_application_to_its_right(path: Path) -> None:
    assert upward(path) == []


@pytest.mark.parametrize("path", modules("domain"), ids=name_of)
def test_domain_modules_know_no_framework_clock_network_or_randomness(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    impure = [f"line {line}: {name}" for line, name in imports(path) if name.split(".")[0] in IMPURE]
    outside = [
        f"line {line}: {name} is outside any domain package"
        for line, name in imports(path)
        if name.split(".")[0] in LAYERS and ".domain" not in name
    ]
    clocks = [
        f"line {node.lineno}: reads the clock; take the time as an argument"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    ]
    assert impure + outside + clocks == []


WRITERS = {"services.py", "services", "demo.py"}


@pytest.mark.parametrize("path", [p for p in modules() if not WRITERS & set(p.parts)], ids=name_of)
def test_only_services_write_to_the_database(path: Path) -> None:
    writes = {"bulk_create", "bulk_update", "update_or_create", "get_or_create"}
    found = [
        f"line {node.lineno}: .{node.func.attr}() belongs in services.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writes
    ]
    assert found == []


def test_the_check_itself_sees_an_upward_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.test_architecture.ROOT", tmp_path)
    (tmp_path / "rubrics").mkdir()
    guilty = tmp_path / "rubrics" / "guilty.py"
    guilty.write_text("from scoring.models import Grading\nimport feedback.services\n")
    assert len(upward(guilty)) == 2
