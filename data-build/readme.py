"""Draw the picture of the README, and write anew what README and case page say of the default case.

Needs Chromium for the picture; `--table` writes the tables of both pages only. Bands are those that
are packaged, so draw them first where the case or the model changed (`data-build/bands.py`).
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from detente.brief import Table, Views, make_brief, views_of, write_brief
from detente.study import Scenarios, assess
from detente.study.outputs import output

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
CASE_PAGE = ROOT / "docs" / "cases" / "belarus.md"
PICTURE = ROOT / "docs" / "assets" / "belarus-map.png"
BEGIN, END = "<!-- table: begin (data-build/readme.py) -->", "<!-- table: end -->"

#: What valuations of the case were set against: an option of lifting, and whose gain it is.
SET_AGAINST = (
    ("lift-eu-potash", "European Union"),
    ("lift-eu-transit-and-lt-transit", "Lithuania"),
    ("lift-us-potash", "United States"),
    ("lift-us-potash", "Belarus"),
)


@cache
def brief() -> Views:
    """The brief of the default case with the bands that are packaged."""
    views = make_brief("belarus")
    assert views.bands is not None, "run .venv/bin/python data-build/bands.py first"
    return views


def basis(views: Views) -> str:
    """What the figures of both pages are and rest on."""
    assert views.bands is not None
    return (
        f"`make brief`, case `belarus`. {views.subject}. USD million a year against the regime, in "
        f"brackets 5 to 95 % of {views.bands.draws} draws of every parameter with a range."
    )


def table() -> str:
    """What each option of lifting brings whom, and the findings of the brief."""
    views = brief()
    options = views.tables["options"]
    rows = options.rows[:9]
    lines = [
        basis(views),
        "",
        "| | " + " | ".join(str(row[0]) for row in rows) + " |",
        "|---|" + "---:|" * len(rows),
    ]
    for k, column in enumerate(options.columns[1:], start=1):
        if column.key == "only-together":
            continue
        cells = [_cell(options, r, k) for r in range(len(rows))]
        lines.append(f"| {column.label} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", *(f"- {s}" for s in views.findings)])


def case_table() -> str:
    """The results that the page of the case rests on: by what valuations were set, and others."""
    views = brief()
    options = views.tables["options"]
    places = [str(row[0]) for row in options.rows]
    keys = [c.key for c in options.columns]
    lines = [basis(views), "", "| | brings | |", "|---|---|---:|"]
    for option, place in SET_AGAINST:
        k = keys.index(option)
        cell = _cell(options, places.index(place), k)
        lines.append(f"| {options.columns[k].label} | {place} | {cell} |")
    idle = [s for s in views.findings if "moves next to nothing" in s]
    said = [_ukraine(), *idle, views.tables["claims"].sentence]
    return "\n".join([*lines, "", *(f"- {s}" for s in said)])


def _ukraine() -> str:
    """What the model would send to Ukraine if its border were open."""
    scenarios = Scenarios(assess("belarus").case)
    rest = [m.id for m in scenarios.case.regime() if m.id != "ua-border"]
    tonnes = output(scenarios, "tonnes", rest, ["UKR"], commodity="POTASH", supplier=["BLR"])
    return f"Without `ua-border` Ukraine would buy {tonnes:.1f} million tonnes from Belarus."


def _cell(options: Table, row: int, k: int) -> str:
    value, band = options.rows[row][k], options.band(row, options.columns[k])
    assert isinstance(value, float)
    if band is None or max(abs(value), *map(abs, band)) < 0.5:
        return "0"
    low, high = (f"{end:.0f}".replace("-0", "0") for end in band)
    return f"{value:+.0f} ({low} to {high})".replace("-0 ", "0 ").replace("+0 ", "0 ")


#: The pages that have a table, and what writes it.
PAGES: dict[Path, Callable[[], str]] = {README: table, CASE_PAGE: case_table}


def with_table(page: Path) -> str:
    """A page with its table written anew."""
    before, rest = page.read_text("utf-8").split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{PAGES[page]()}\n{END}{after}"


def picture() -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        page_file = Path(folder) / "brief.html"
        write_brief(views_of(assess("belarus")), page_file)
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1100, "height": 900}, device_scale_factor=1.5)
        page.goto(page_file.as_uri())
        page.locator("figure").filter(has=page.locator("svg")).first.screenshot(path=PICTURE)
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", action="store_true", help="write the tables only")
    only_table = parser.parse_args().table
    for page in PAGES:
        page.write_text(with_table(page), "utf-8")
    if not only_table:
        picture()


if __name__ == "__main__":
    main()
