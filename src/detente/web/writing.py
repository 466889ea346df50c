"""Files that leave the app: case files with their scenarios, tables as workbooks."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from detente.case import case_of, read_marked
from detente.web.cases import FILE

if TYPE_CHECKING:
    from detente.case import NamedScenario
    from detente.web.asked import WorkbookAsked
    from detente.web.cases import Held


def case_file(held: Held, added: list[dict[str, Any]], scenarios: list[NamedScenario]) -> str:
    """The case file with measures added and scenarios in it, comments kept where that can be.

    Raises:
        CaseError: the scenarios have faults.
    """
    marked = held.marked
    own = [s.model_dump(mode="json", by_alias=True, exclude_defaults=True) for s in scenarios]
    data = {**marked.data, "measures": [*marked.data["measures"], *added]}
    data.pop("scenarios", None)
    if own:
        data["scenarios"] = own
    text = _without(held.text, "scenarios").rstrip("\n") + "\n"
    if added:
        text = _appended(text, "measures", added)
    if own:
        text += "\n" + _yaml({"scenarios": own})
    written = read_marked(text, FILE)
    if written.faults or _plain(written.data) != _plain(data):
        text = _yaml(_plain(data))
        written = read_marked(text, FILE)
    case_of(written, text, FILE, held.folder)
    return text


def _without(text: str, key: str) -> str:
    """A text without one of its sections."""
    return re.sub(rf"(?ms)^{key}:.*?(?=^[A-Za-z_]|\Z)", "", text)


def _appended(text: str, key: str, entries: list[dict[str, Any]]) -> str:
    """A text with more entries at the end of one of its lists."""
    found = re.search(rf"(?ms)^{key}:[ \t]*\n(.*?)(?=^[A-Za-z_]|\Z)", text)
    if found is None:
        return text
    first = re.search(r"(?m)^( *)- ", found[1])
    indent = first[1] if first else "  "
    block = "".join(
        f"{indent}{line}\n" if line else "\n" for line in _yaml(entries).rstrip("\n").split("\n")
    )
    body = found[1].rstrip("\n")
    return f"{text[: found.start(1)]}{body}\n\n{block}\n{text[found.end(1) :]}"


def _yaml(data: Any) -> str:
    from ruamel.yaml import YAML

    out = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 100
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.dump(data, out)
    return out.getvalue()


def _plain(value: Any) -> Any:
    """Data with days as text, as JSON has them."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def workbook(asked: WorkbookAsked) -> bytes:
    """A table as a workbook: units in the headings, numbers unrounded, nothing that calculates."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        },
    )
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("table")
    for k, column in enumerate(asked.columns):
        sheet.write_string(
            0, k, f"{column.key} ({column.unit})" if column.unit else column.key, bold
        )
    for r, row in enumerate(asked.rows, start=1):
        for k, cell in enumerate(row[: len(asked.columns)]):
            _write(sheet, r, k, cell)
    about = book.add_worksheet("about")
    for r, line in enumerate(filter(None, (asked.title, asked.note))):
        about.write_string(r, 0, line)
    book.close()
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(row, column, float(cell))
        return
    if isinstance(cell, list):
        cell = "; ".join(
            f"{p.get('text', '')} <{p['href']}>" if p.get("href") else str(p.get("text", ""))
            for p in cell
            if isinstance(p, dict)
        )
    sheet.write_string(row, column, str(cell)[:32_000])
