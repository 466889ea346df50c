"""Draw the picture of the README and print its table anew, both from the default case.

Needs Chromium for the picture; `--table` writes the table only.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import detente
from detente.brief import views_of, write_brief

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "assets" / "belarus-map.png"
BEGIN, END = "<!-- table: begin (data-build/readme.py) -->", "<!-- table: end -->"


def table() -> str:
    answer = detente.assess("belarus")
    views = views_of(answer)
    options = views.tables["options"]
    rows = options.rows[:9]
    lines = [
        f"`make brief`, case `belarus` on {answer.date}: USD million a year against the regime.",
        "",
        "| | " + " | ".join(str(row[0]) for row in rows) + " |",
        "|---|" + "---:|" * len(rows),
    ]
    for k, column in enumerate(options.columns[1:], start=1):
        cells = [f"{row[k]:+.0f}" if abs(row[k]) >= 0.5 else "0" for row in rows]
        lines.append(f"| {column.label} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", *(f"- {s}" for s in views.findings)])


def with_table(text: str) -> str:
    """The README with its table printed anew."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def picture() -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        page_file = Path(folder) / "brief.html"
        write_brief(detente.assess("belarus"), page_file)
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
