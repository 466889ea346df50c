"""The back-test and the claims of a case: the tables of two pages, from the JSON of the commands.

detente record --draws 200 --json > record.json
detente claims --draws 200 --json > claims.json
python benchmarks/study.py record.json --write docs/back-test.md
python benchmarks/study.py claims.json --write docs/claims.md
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from measure import written

BIG = 0.15


def main() -> None:
    """Turn the JSON of a command into tables, print them, write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("json", type=Path, help="what the command printed")
    parser.add_argument("--write", type=Path, help="a page with markers to write the tables into")
    given = parser.parse_args()
    data = json.loads(given.json.read_text("utf-8"))
    text = claims(data) if "claims" in data else backtest(data)
    print(text)
    if given.write:
        written(given.write, text)


def backtest(data: dict[str, Any]) -> str:
    """Errors, variants, prices, large flows and shares of a back-test."""
    parts = []
    main_errors = [e for e in data["errors"] if e["variant"] == "main"]
    records = list(dict.fromkeys(e["record"] for e in main_errors))
    parts += ["### Means of the years held out", means(main_errors)]
    for record in records:
        parts += [
            f"### Errors, {record}",
            errors([e for e in main_errors if e["record"] == record]),
        ]
    parts += ["### What was re-assigned", moved(data["reassigned"])] if data["reassigned"] else []
    headline = [e for e in data["errors"] if e["record"] == data["headline"]]
    parts += ["### What the result hangs on", variants(headline)]
    parts += ["### Large flows", flows(data["flows"])]
    parts += ["### Suppliers", shares(data["shares"])]
    parts += ["### The price", prices(data["prices"])]
    parts += [price_split(data["price_split"])] if data["price_split"] else []
    parts += [price_parts(data["price_parts"])]
    parts += ["### In sentences", "\n".join(f"- {s}" for s in data["sentences"])]
    return "\n\n".join(parts)


def means(rows: list[dict[str, Any]]) -> str:
    """Means over the years held out: a row for each kind of error, a column for each forecast."""
    held = [e for e in rows if e["sample"] == "hold-out"]
    names = list(dict.fromkeys(e["forecast"] for e in held))
    lines = []
    for record in dict.fromkeys(e["record"] for e in held):
        for what, key, digits, scale in (
            ("exports by market, mean error, Mt", "mean_error", 3, 1.0),
            ("the same at the total seen, Mt", "pattern_error", 3, 1.0),
            ("rank correlation over markets", "rank_correlation", 2, 1.0),
            ("suppliers' shares, mean error, points", "share_error", 1, 100.0),
        ):
            values = [
                [e[key] for e in held if (e["record"], e["forecast"]) == (record, name)]
                for name in names
            ]
            cells = [None if None in v else sum(v) / len(v) for v in values]
            lines.append((record, what, *(number(v, digits, scale) for v in cells)))
    return table(("flows", "what", *names), lines, 2)


def moved(rows: list[dict[str, Any]]) -> str:
    """What the rule for implausible origins did, million tonnes."""
    keys = ("declared", "mined", "imported", "errors", "reassigned")
    head = ("year", "origin", "declared", "mined", "imported", "taken for errors", "re-assigned")
    return table(
        (*head, "to"),
        [
            (str(r["year"]), r["origin"], *(number(r[k], 2, 1e-6) for k in keys), r["to"])
            for r in rows
        ],
        2,
    )


def errors(rows: list[dict[str, Any]]) -> str:
    """A row for each year and forecast."""
    head = (
        "year",
        "sample",
        "forecast",
        "mean error, Mt",
        "at the total seen, Mt",
        "rank correlation",
        "total, Mt",
        "seen, Mt",
        "shares, points",
        "flows in band",
        "shares in band",
    )
    return table(
        head,
        [
            (
                str(e["year"]),
                e["sample"],
                e["forecast"],
                number(e["mean_error"], 3),
                number(e["pattern_error"], 3),
                number(e["rank_correlation"], 2),
                number(e["total"], 1),
                number(e["observed_total"], 1),
                number(e["share_error"], 1, 100),
                percent(e["coverage"]),
                percent(e["share_coverage"]),
            )
            for e in sorted(rows, key=lambda e: e["year"])
        ],
        3,
    )


def variants(rows: list[dict[str, Any]]) -> str:
    """The mean error of the model and of the better naive forecast in every variant."""
    found: dict[str, dict[tuple[str, int], float]] = {}
    for e in rows:
        found.setdefault(e["variant"], {})[e["forecast"], e["year"]] = e["mean_error"]
    years = sorted({e["year"] for e in rows})
    head = ("variant", *(f"model {y}" for y in years), *(f"rescaled {y}" for y in years))
    return table(
        head,
        [
            (
                name,
                *(number(v["model", y], 3) for y in years),
                *(number(v["remove and rescale", y], 3) for y in years),
            )
            for name, v in found.items()
        ],
        1,
    )


def flows(rows: list[dict[str, Any]]) -> str:
    """Every market of a size in any forecast or as observed."""
    keys = ("observed", "declared", "model", "no_change", "rescaled")
    large = [f for f in rows if max(f[k] for k in keys) >= 2 * BIG]
    return table(
        (
            "year",
            "market",
            "declared, Mt",
            "re-assigned, Mt",
            "model",
            "5 to 95 %",
            "no change",
            "remove and rescale",
        ),
        [
            (
                str(f["year"]),
                f["market"],
                number(f["declared"], 2),
                number(f["observed"], 2),
                number(f["model"], 2),
                span(f, 2),
                number(f["no_change"], 2),
                number(f["rescaled"], 2),
            )
            for f in large
        ],
        2,
    )


def shares(rows: list[dict[str, Any]]) -> str:
    """Every supplier with a tenth of a buyer's imports in any forecast or as observed."""
    keys = ("observed", "declared", "model", "no_change")
    large = [s for s in rows if max(s[k] for k in keys) >= BIG]
    return table(
        (
            "year",
            "buyer",
            "supplier",
            "declared, %",
            "re-assigned, %",
            "model",
            "5 to 95 %",
            "no change",
            "rescaled",
        ),
        [
            (
                str(s["year"]),
                s["buyer"],
                s["supplier"],
                number(s["declared"], 0, 100),
                number(s["observed"], 0, 100),
                number(s["model"], 0, 100),
                span(s, 0, 100),
                number(s["no_change"], 0, 100),
                number(s["rescaled"], 0, 100),
            )
            for s in large
        ],
        3,
    )


def prices(rows: list[dict[str, Any]]) -> str:
    """Changes of the price by year and horizon."""
    return table(
        ("year", "horizon", "model, %", "5 to 95 %", "published, %"),
        [
            (
                str(p["year"]),
                p["horizon"],
                number(p["model"], 0, 100),
                span(p, 0, 100),
                number(p["observed"], 0, 100),
            )
            for p in rows
        ],
        2,
    )


def price_split(split: dict[str, Any]) -> str:
    """What the measures and the fall of supply that was seen explain of the price, points."""
    lines = [
        ("the measures", "measures", "measures_part"),
        (f"{split['label']}, observed", "shortfall", "shortfall_part"),
        ("both", "", "both"),
        ("not explained", "", "left"),
        ("published", "", "observed"),
    ]
    return table(
        (f"{split['year']}, short run", "alone", "5 to 95 %", "part", "5 to 95 %"),
        [
            (
                name,
                *(
                    (number(split[alone], 1, 100), span(split, 1, 100, alone))
                    if alone
                    else ("", "")
                ),
                number(split[part], 1, 100),
                span(split, 1, 100, part),
            )
            for name, alone, part in lines
        ],
        1,
    )


def price_parts(rows: list[dict[str, Any]]) -> str:
    """The parts of the measures in the price, points."""
    return table(
        ("measure", "alone", "given the others", "part", "5 to 95 %"),
        [
            (
                f"`{p['measure']}`",
                *(number(p[k], 1, 100) for k in ("alone", "margin", "part")),
                span(p, 1, 100, "part"),
            )
            for p in rows
        ],
        1,
    )


def claims(data: dict[str, Any]) -> str:
    """Every tested claim with its numbers, then those that cannot be tested."""
    tested = [c for c in data["claims"] if c["tests"]]
    rows = []
    for c in tested:
        for k, t in enumerate(c["tests"]):
            low = "" if t["at_least"] is None else f"≥ {t['at_least']:g}"
            high = "" if t["at_most"] is None else f"≤ {t['at_most']:g}"
            beside = ""
            if t["published"] is not None:
                beside = f"published {' to '.join(f'{x:g}' for x in dict.fromkeys(t['published']))}"
            first = k == 0
            rows.append(
                (
                    c["id"] if first else "",
                    f"{c['speaker']}: {c['paraphrase']}" if first else "",
                    f"{t['quantity'].replace('_', ' ')} ({t['unit']})",
                    f"{t['value']:.3g}",
                    "" if t["low"] is None else f"{t['low']:.3g} to {t['high']:.3g}",
                    " ".join(x for x in (low, high, beside) if x),
                    t["verdict"],
                    f"**{c['verdict']}**" if first else "",
                )
            )
    head = ("claim", "who said what", "number", "model", "5 to 95 %", "asked", "test", "verdict")
    left = [
        (c["id"], f"{c['speaker']}: {c['paraphrase']}", c["reason"])
        for c in data["claims"]
        if not c["tests"]
    ]
    return "\n\n".join(
        [
            data["sentences"][0],
            table(head, rows, 3),
            "### Not testable",
            table(("claim", "who said what", "why"), left, 3),
        ]
    )


def table(head: tuple[str, ...], rows: list[tuple[str, ...]], words: int) -> str:
    """A table of which the first columns are words."""
    marks = ["---" if k < words else "---:" for k in range(len(head))]
    lines = [head, tuple(marks), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in lines)


def number(value: float | None, digits: int, scale: float = 1.0) -> str:
    """A number, or nothing where there is none."""
    return "" if value is None else f"{round(scale * value, digits) + 0.0:.{digits}f}"


def percent(value: float | None) -> str:
    """A fraction as percent, or nothing."""
    return "" if value is None else f"{100 * value:.0f} %"


def span(row: dict[str, Any], digits: int, scale: float = 1.0, of: str = "model") -> str:
    """The band of a number of a row, or nothing."""
    ends = [row.get(f"{of}_{end}") for end in ("low", "high")]
    if None in ends:
        return ""
    return " to ".join(number(end, digits, scale) for end in ends)


if __name__ == "__main__":
    main()
