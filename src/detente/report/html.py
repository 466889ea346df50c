"""The brief as one HTML file that asks nothing of the network."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import math
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from detente._files import write_file
from detente.analysis.labels import NOTHING, general, number, scientific, sentence, short_day
from detente.report.contents import Views
from detente.report.table import GENERAL, SCIENTIFIC, Cell, Column, Table, plain_parts
from detente.world.names import all_names

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup


def write_brief(views: Views, path: str | Path) -> Path:
    """Write what a brief shows as a self-contained HTML page.

    Args:
        views: of a case answered, from `views_of`.
        path: where to write it; folders on the way are made.

    Returns:
        Path: the file written.

    Raises:
        NotWritten: it could not be written; the file that was there before is as it was.
    """
    return write_file(path, brief_html(views))


def brief_html(views: Views) -> str:
    """The page as text.

    Args:
        views: of a case answered, from `views_of`.

    Returns:
        str: a page that asks nothing of the network.
    """
    script = _asset("brief.js")
    digest = hashlib.sha256(script.encode()).digest()
    return _template().render(
        views=views,
        policy=(
            "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data: blob:; "
            f"style-src 'unsafe-inline'; script-src 'sha256-{base64.b64encode(digest).decode()}'"
        ),
        style=_asset("brief.css"),
        script=script,
        map=_asset("map.json").strip().replace("<", "\\u003c"),
        data=_payload(views),
        reproduce={row[0]: row[1] for row in views.tables["reproduce"].rows},
    )


def _payload(views: Views) -> str:
    """What the charts draw, as JSON that cannot end its own script element."""
    data = {
        "name": f"detente-{views.name}",
        "names": all_names(),
        **plain_parts([*views.tables.values(), *views.charts.values()]),
    }
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def _asset(name: str) -> str:
    return files("detente.report").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("detente.report", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(shown=shown, ends=ends, tone=tone, group_of=group_of, widths=widths)
    environment.filters["linked"] = with_links
    return environment.get_template("brief.html.j2")


def shown(column: Column, cell: Cell) -> str:
    """A cell as it is written on the page."""
    if isinstance(cell, (int, float)) and not math.isnan(cell):
        return _figure(column, cell)
    if column.kind == "number" or cell is None:
        return NOTHING
    if isinstance(cell, tuple):
        return "; ".join(link.text for link in cell)
    return re.sub(r"\d{4}-\d\d-\d\d", _short, str(cell)) if column.kind == "date" else str(cell)


def ends(table: Table, row: int, column: Column) -> str:
    """The band of a number as it is written under it; nothing where there is none."""
    band = table.band(row, column)
    if band is None or column.decimals in (GENERAL, SCIENTIFIC):
        return ""
    low, high = (_figure(column, end) for end in band)
    return f"{low} to {high}" if low != high else ""


def _figure(column: Column, cell: float) -> str:
    if column.decimals == GENERAL:
        return general(cell)
    if column.decimals == SCIENTIFIC:
        return scientific(cell)
    return number(cell, column.decimals, signed=column.signed)


def _short(found: re.Match[str]) -> str:
    return short_day(dt.date.fromisoformat(found[0]))


def tone(column: Column, cell: Cell) -> str:
    """The class that colours a change: a loss or a gain that the page shows as one."""
    if not column.toned or not isinstance(cell, (int, float)):
        return ""
    if not any(digit in shown(column, cell) for digit in "123456789"):
        return ""
    return "loss" if cell < 0 else "gain"


def group_of(table: Table, row: int) -> str:
    """The heading above a row that begins a group; empty above any other."""
    groups = [k for k, column in enumerate(table.columns) if column.group]
    here = [table.rows[row][k] for k in groups]
    if row > 0 and here == [table.rows[row - 1][k] for k in groups]:
        return ""
    return sentence(" · ".join(str(cell) for cell in here))


def widths(table: Table) -> list[str]:
    """For each column whether its cells are short enough for one line, or need room."""
    return [_width(column, table.column(column.key)) for column in table.columns]


def _width(column: Column, cells: list[Cell]) -> str:
    longest = max((len(shown(column, cell)) for cell in cells), default=0)
    return "long" if longest > 44 else "short" if longest <= 22 else ""


def with_links(text: str) -> Markup:
    """A text whose addresses are links that show only the host."""
    from markupsafe import Markup, escape

    parts = re.split(r"(https?://[^\s()<>]*[^\s()<>.,;])", text)
    link = Markup('<a href="{}" rel="noreferrer noopener">{}</a>')
    return Markup("").join(
        link.format(part, urlsplit(part).hostname or part) if k % 2 else escape(part)
        for k, part in enumerate(parts)
    )
