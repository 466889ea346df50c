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
from detente.negotiation.words import digits_beside
from detente.report.contents import Views
from detente.report.table import GENERAL, SCIENTIFIC, TWO_DIGITS, Cell, Column, Table, plain_parts
from detente.report.two_pages import two_pages_of
from detente.world.names import all_names

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

    from detente.analysis.figures.frame import Band


def write_brief(
    views: Views, path: str | Path, *, annex: bool = False, party: str | None = None
) -> Path:
    """Write a brief of two pages as a self-contained HTML page.

    Args:
        views: of a case answered, from `views_of`.
        path: where to write it; folders on the way are made.
        annex: with everything else behind the two pages: each table, chart, source and assumption.
        party: from whose chair the two pages are written, by id or name; None for nobody's.

    Returns:
        Path: the file written.

    Raises:
        NotWritten: it could not be written; the file that was there before is as it was.
        CaseError: the case has no such party; names the nearest.
    """
    return write_file(path, brief_html(views, annex=annex, party=party))


def brief_html(views: Views, *, annex: bool = False, party: str | None = None) -> str:
    """The page as text.

    Args:
        views: of a case answered, from `views_of`.
        annex: as in `write_brief`.
        party: as in `write_brief`.

    Returns:
        str: a page that asks nothing of the network.

    Raises:
        CaseError: as in `write_brief`.
    """
    brief = two_pages_of(views, party)
    policy = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'"
    if not annex:
        return _template().render(
            views=views, brief=brief, annex=False, policy=policy, style=_asset("brief.css")
        )
    script = _asset("brief.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return _template().render(
        views=views,
        brief=brief,
        annex=True,
        policy=f"{policy}; img-src data: blob:; script-src 'sha256-{digest}'",
        style=_asset("brief.css"),
        script=script,
        map=_asset("map.json").strip().replace("<", "\\u003c"),
        data=_payload(views),
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
    environment.globals.update(
        shown=shown, ends=ends, tone=tone, group_of=group_of, widths=widths, on_paper=on_paper
    )
    environment.filters["linked"] = with_links
    return environment.get_template("brief.html.j2")


def shown(column: Column, cell: Cell, band: Band | None = None) -> str:
    """A cell as it is written on the page; a number that stands beside a band has two digits."""
    if isinstance(cell, (int, float)) and not math.isnan(cell):
        if band is None or band[0] == band[1]:
            return _figure(column, cell)
        return _beside(column, cell, signed=column.signed)
    if column.kind == "number" or cell is None:
        return NOTHING
    if isinstance(cell, tuple):
        return "; ".join(link.text for link in cell)
    return re.sub(r"\d{4}-\d\d-\d\d", _short, str(cell)) if column.kind == "date" else str(cell)


def ends(table: Table, row: int, column: Column) -> str:
    """The band of a number as it is written under it; nothing where there is none."""
    band = table.band(row, column)
    if band is None or column.decimals in _OWN:
        return ""
    low, high = (_beside(column, end) for end in band)
    return f"{low} to {high}" if low != high else ""


def _figure(column: Column, cell: float) -> str:
    if column.decimals == GENERAL:
        return general(cell)
    if column.decimals == SCIENTIFIC:
        return scientific(cell)
    if column.decimals == TWO_DIGITS:
        return digits_beside(cell, 2, signed=column.signed)
    text = number(cell, column.decimals, signed=column.signed)
    return text if text.strip("0.") else "0"


def _beside(column: Column, cell: float, *, signed: bool = False) -> str:
    if column.decimals in _OWN:
        return _figure(column, cell)
    return digits_beside(cell, column.decimals, signed=signed)


def _short(found: re.Match[str]) -> str:
    return short_day(dt.date.fromisoformat(found[0]))


def tone(column: Column, cell: Cell, band: Band | None = None) -> str:
    """The class that colours a number: a loss or a gain that the page shows as one, or nothing."""
    if not isinstance(cell, (int, float)):
        return ""
    if shown(column, cell, band) == "0":
        return "zero"
    if not column.toned or math.isnan(cell):
        return ""
    return "loss" if cell < 0 else "gain"


def on_paper(table: Table) -> list[list[tuple[int, Column]]]:
    """The columns of a table that is too wide for a page, in pieces that are not.

    Returns:
        list: each piece has the first column and some of the others, with their positions; empty
        for a table that is no wider than a page.
    """
    columns = [(k, c) for k, c in enumerate(table.columns) if not c.group]
    if len(columns) <= _ON_PAGE:
        return []
    first, others = columns[0], columns[1:]
    pieces = -(-len(others) // (_ON_PAGE - 2))
    size = -(-len(others) // pieces)
    return [[first, *others[k : k + size]] for k in range(0, len(others), size)]


#: Columns whose digits are not counted after the point.
_OWN = (GENERAL, SCIENTIFIC, TWO_DIGITS)
#: Columns that a printed page has room for.
_ON_PAGE = 10


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
