"""Files that leave the app: case files with their scenarios, tables as workbooks."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from detente._document import plain
from detente.app.cases import FILE
from detente.cases import Marked, case_of, read_marked
from detente.cases.case_files import without_key, yaml_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from detente.app.cases import Held
    from detente.app.requests import WorkbookRequest
    from detente.cases import Case, NamedScenario


@dataclass(frozen=True, eq=False)
class Draft:
    """A case file to be written: a case, what was added to it, and scenarios of it.

    Attributes:
        text: the file that the case came from.
        data: what it holds.
        folder: where its tables may be; None for a file of strangers.
        added: measures added.
        scenarios: in the order of the file.
    """

    text: str = field(repr=False)
    data: dict[str, Any] = field(repr=False)
    folder: Path | None
    added: tuple[dict[str, Any], ...]
    scenarios: tuple[NamedScenario, ...]


def draft_of(held: Held, scenarios: Iterable[NamedScenario]) -> Draft:
    """The file of a case as the app holds it, with scenarios in it."""
    return Draft(held.text, held.marked.data, held.folder, held.added, tuple(scenarios))


def case_file(draft: Draft) -> str:
    """The case file, comments kept where that can be.

    Raises:
        CaseError: the scenarios have faults.
    """
    return _written(draft)[0]


def digest_of(draft: Draft) -> str:
    """The digest that the case has when it is read from that file.

    Raises:
        CaseError: as in `case_file`.
    """
    return _written(draft)[1].digest


def _written(draft: Draft) -> tuple[str, Case]:
    """The file, and the case as read from it."""
    own = [s.model_dump(mode="json", by_alias=True, exclude_defaults=True) for s in draft.scenarios]
    data = dict(draft.data)
    added = list(draft.added)
    if own:
        # What a reader added is in force in the scenarios, never in the case that they depart from.
        for k, s in enumerate(own if added else ()):
            days = {m["id"]: _spans(m) for m in added} | s.pop("in_force", {})
            # In the order of the schema, as the file has it when it is read and written again.
            last = {"parameters": s.pop("parameters")} if "parameters" in s else {}
            own[k] = {**s, "in_force": days, **last}
        added = [{**m, "in_force": []} for m in added]
    if added:
        data["measures"] = [*data.get("measures", []), *added]
    data.pop("scenarios", None)
    text = without_key(draft.text, "scenarios").rstrip("\n") + "\n"
    if added:
        text = _appended(text, "measures", added)
    kept = plain(data)
    if _read_before_scenarios(text) != kept:
        text = yaml_text(kept)
    if own:
        data["scenarios"] = own
        text += "\n" + yaml_text({"scenarios": own})
    return text, case_of(Marked(data), FILE, draft.folder)


def _spans(measure: dict[str, Any]) -> list[dict[str, Any]]:
    """The days in force of a measure as a scenario has them."""
    return [
        {key: span[key] for key in ("from", "until") if span.get(key) is not None}
        for span in measure.get("in_force", ())
    ]


@lru_cache(maxsize=4)
def _read_before_scenarios(text: str) -> Any:
    """What a text holds to which scenarios can be appended; None where they cannot."""
    read = read_marked(text + "\nscenarios: []\n", FILE)
    if read.faults or not isinstance(read.data, dict) or read.data.pop("scenarios", None) != []:
        return None
    return plain(read.data)


def _appended(text: str, key: str, entries: list[dict[str, Any]]) -> str:
    """A text with more entries at the end of one of its lists."""
    found = re.search(rf"(?ms)^{key}:[ \t]*\n(.*?)(?=^[A-Za-z_]|\Z)", text)
    if found is None:
        return f"{text}\n{yaml_text({key: entries})}"
    first = re.search(r"(?m)^( *)- ", found[1])
    indent = first[1] if first else "  "
    block = "".join(
        f"{indent}{line}\n" if line else "\n"
        for line in yaml_text(entries).rstrip("\n").split("\n")
    )
    body = found[1].rstrip("\n")
    return f"{text[: found.start(1)]}{body}\n\n{block}\n{text[found.end(1) :]}"


def workbook(query: WorkbookRequest) -> bytes:
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
    for k, column in enumerate(query.columns):
        head = column.label or column.key
        sheet.write_string(0, k, f"{head} ({column.unit})" if column.unit else head, bold)
    last = len(query.columns)
    if query.state:
        sheet.write_string(0, last, "state", bold)
    for r, row in enumerate(query.rows, start=1):
        for k, cell in enumerate(row[:last]):
            _write(sheet, r, k, cell)
        if query.state:
            sheet.write_string(r, last, query.state)
    about = book.add_worksheet("about")
    for r, line in enumerate(filter(None, (query.title, query.state, query.note))):
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
