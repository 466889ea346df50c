"""Draw the picture of the README and print its table anew, both from the default case.

Needs Chromium for the picture; `--table` writes the table only.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from detente.brief import Table, make_brief, views_of, write_brief
from detente.study import assess

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "assets" / "belarus-map.png"
BEGIN, END = "<!-- table: begin (data-build/readme.py) -->", "<!-- table: end -->"


def table() -> str:
    views = make_brief("belarus")
    options = views.tables["options"]
    rows = options.rows[:9]
    assert views.bands is not None
    lines = [
        f"`make brief`, case `belarus`. {views.subject}. USD million a year against the regime, in "
        f"brackets 5 to 95 % of {views.bands.draws} draws of every parameter with a range.",
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


def _cell(options: Table, row: int, k: int) -> str:
    value, band = options.rows[row][k], options.band(row, options.columns[k])
    assert isinstance(value, float)
    if band is None or max(abs(value), *map(abs, band)) < 0.5:
        return "0"
    low, high = (f"{end:.0f}".replace("-0", "0") for end in band)
    return f"{value:+.0f} ({low} to {high})".replace("-0 ", "0 ").replace("+0 ", "0 ")


def with_table(text: str) -> str:
    """The README with its table printed anew."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


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
    parser.add_argument("--table", action="store_true", help="write the table only")
    only_table = parser.parse_args().table
    readme = ROOT / "README.md"
    readme.write_text(with_table(readme.read_text("utf-8")), "utf-8")
    if not only_table:
        picture()


if __name__ == "__main__":
    main()
