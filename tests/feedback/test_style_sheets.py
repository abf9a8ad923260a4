"""The tokens: readable in light and dark, and the only place where sizes and colours are chosen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted(path for app in ("rubrics", "grader") for path in (ROOT / app).rglob("static/**/*.css"))
TOKENS = (ROOT / "grader" / "static" / "grader" / "tokens.css").read_text(encoding="utf-8")
COLOUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
SCHEMES = ("light", "dark", "print")
GROUNDS = ("ground", "surface", "sunken")
TEXT_ON_GROUND = [
    *((text, ground) for text in ("text", "muted") for ground in (*GROUNDS, "accent-tint", "open-tint", "bad-tint")),
    *((text, ground) for text in ("accent", "accent-strong") for ground in (*GROUNDS, "accent-tint")),
    *((tone, ground) for tone in ("good", "bad", "unsure", "open") for ground in (*GROUNDS, f"{tone}-tint")),
    *((tone, "accent-tint") for tone in ("good", "bad", "unsure", "open")),
    *(("text", f"{tone}-tint") for tone in ("good", "bad", "unsure", "open")),
    *(("surface", badge) for badge in ("unsure", "open")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]
EDGE_ON_GROUND = [(edge, ground) for edge in ("border-strong", "accent") for ground in GROUNDS]


def colours(scheme: str) -> dict[str, str]:
    light, _, rest = TOKENS.partition("@media (prefers-color-scheme: dark)")
    dark, _, paper = rest.partition("@media print")
    parts = {"light": (light,), "dark": (light, dark), "print": (light, paper)}[scheme]
    return {name: value for part in parts for name, value in COLOUR.findall(part)}


def luminance(colour: str) -> float:
    """Relative luminance of sRGB, WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND, ids=lambda name: name)
def test_text_stands_out_from_its_ground(scheme: str, text: str, ground: str) -> None:
    found = colours(scheme)
    assert contrast(found[text], found[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGE_ON_GROUND, ids=lambda name: name)
def test_edges_of_controls_stand_out(scheme: str, edge: str, ground: str) -> None:
    found = colours(scheme)
    assert contrast(found[edge], found[ground]) >= 3


def test_every_scheme_chooses_every_colour() -> None:
    assert colours("dark").keys() == colours("light").keys() == colours("print").keys()
    dark = TOKENS.partition("@media (prefers-color-scheme: dark)")[2].partition("@media print")[0]
    assert dict(COLOUR.findall(dark)).keys() == colours("light").keys()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_sheets_choose_no_colour_or_type_size_of_their_own(sheet: Path) -> None:
    if sheet.name == "tokens.css":
        return
    found = []
    for number, line in enumerate(sheet.read_text(encoding="utf-8").splitlines(), 1):
        if re.search(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", line) and not re.search(r"\[href=", line):
            found.append(f"{sheet.name}:{number} chooses a colour: name it in tokens.css")
        # Within a drawing a size is in the drawing's own units.
        drawn = sheet.name == "print.css" or line.startswith(".chart__")
        if not drawn and re.search(r"font-size: (?!var\(|inherit|0\.92em)", line):
            found.append(f"{sheet.name}:{number} chooses a type size: use one of the sizes in tokens.css")
    assert found == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_sheets_use_only_tokens_that_exist_and_no_other_server(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    known = set(re.findall(r"(--[a-z0-9-]+):", TOKENS))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", text)) <= known
    assert not re.search(r"url\(|@import", text)
