"""Tables of who sells how much of a commodity to whom, read from csv with every bad row named."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from detente.case.errors import Fault, did_you_mean
from detente.case.label_checks import missing
from detente.case.rows import UnreadableRows, counted, csv_rows

KINDS = ("export", "own")
QUANTITY = ("quantity", "tonnes")
REQUIRED = ("origin", "market")


@dataclass(frozen=True)
class Flow:
    """One flow of a commodity in a year.

    Attributes:
        origin: who sells, ISO3.
        market: who buys, ISO3.
        quantity: in the commodity's unit.
        kind: `export`, or `own` for what stays at home.
        note: what is special about it.
    """

    origin: str
    market: str
    quantity: float
    kind: str
    note: str = ""


def read_flows(
    text: str, file: str, countries: Iterable[str] | None
) -> tuple[tuple[Flow, ...], list[Fault]]:
    """The flows of a csv and every fault in it, by line.

    Args:
        text: the file's text, with a header line.
        file: its name, for messages.
        countries: the world's countries, or None when they are not known.
    """
    faults: list[Fault] = []
    try:
        rows = csv_rows(text)
    except UnreadableRows as error:
        return (), [Fault(error.line, "", f"cannot be read: {error}.", _LAYOUT, file)]
    if not rows:
        return (), [Fault(1, "", "is empty.", _LAYOUT, file)]
    header = [cell.strip().lower() for cell in rows[0][1]]
    missing = [c for c in REQUIRED if c not in header]
    amount = next((c for c in QUANTITY if c in header), None)
    missing += [] if amount else ["tonnes"]
    if missing or amount is None:
        return (), [Fault(1, "", f"has no column {', '.join(missing)}.", _LAYOUT, file)]
    known = None if countries is None else frozenset(countries)
    flows: dict[tuple[str, str], Flow] = {}
    for line, row in rows[1:]:
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        if len(row) != len(header):
            message = f"has {len(row)} cells, the header has {len(header)}."
            faults.append(Fault(line, "", message, "Quote cells that hold a comma.", file))
            continue
        flow = Flow(
            cells["origin"],
            cells["market"],
            _amount(cells[amount]),
            cells.get("kind") or ("own" if cells["origin"] == cells["market"] else "export"),
            cells.get("note", ""),
        )
        faults += _row_faults(flow, line, file, cells[amount], known)
        pair = flow.origin, flow.market
        if pair in flows:
            faults.append(
                Fault(
                    line, "", f"{pair[0]} to {pair[1]} stands twice.", "Add the two rows up.", file
                )
            )
        flows[pair] = flow
    if len(rows) == 1:
        faults.append(Fault(1, "", "has a header but no flow.", _LAYOUT, file))
    return tuple(flows.values()), counted(faults, file)


def _amount(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _row_faults(
    flow: Flow, line: int, file: str, amount: str, known: frozenset[str] | None
) -> list[Fault]:
    out = []
    for column, code in (("origin", flow.origin), ("market", flow.market)):
        if known is not None and code not in known:
            message, remedy = missing("country", code, tuple(known))
            inside = "inside ROW" in message
            said = f": {message}" if inside else " is not a country of the world."
            out.append(Fault(line, "", f"{column} {code!r}{said}", remedy, file))
    if not (math.isfinite(flow.quantity) and flow.quantity >= 0):
        out.append(
            Fault(line, "", f"quantity {amount!r} is not a number of 0 or more.", _PLAIN, file)
        )
    if flow.kind not in KINDS:
        out.append(
            Fault(
                line, "", f"kind {flow.kind!r} is not known.", did_you_mean(flow.kind, KINDS), file
            )
        )
    elif (flow.kind == "own") != (flow.origin == flow.market):
        out.append(
            Fault(
                line,
                "",
                f"kind {flow.kind} does not fit {flow.origin} to {flow.market}.",
                "A flow is own when a country buys from itself, else export.",
                file,
            )
        )
    return out


_LAYOUT = "Write a csv with the columns origin, market, tonnes, kind (export or own), note."
_PLAIN = "Write plain figures with a decimal point and without separators."
