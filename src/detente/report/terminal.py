"""The summary of a report on a terminal, and its details in about a screen more.

`print_summary` prints either. `negotiation_lines` says of the negotiation why parties move or hold,
what all would sign, and who can block.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from detente.analysis import labels as w
from detente.analysis.labels import short_day
from detente.analysis.options import EVERYTHING, NEGLIGIBLE
from detente.report.overview.chapter import QUESTIONS
from detente.report.summary import summary_lines
from detente.report.table import Cell, Column, Table, decimals_for

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

    from detente.report.contents import Views


def negotiation_lines(tables: Mapping[str, Table]) -> list[str]:
    """One line for each question that the tables answer, with its heading."""
    from rich.markup import escape

    return [f"[bold]{head:<11}[/bold]{escape(text)}" for head, text in _lines(tables)]


def _lines(tables: Mapping[str, Table]) -> Iterator[tuple[str, str]]:
    if "negotiation-stakes" in tables:
        yield "Who moves", _stakes(tables["negotiation-stakes"])
        found = tables.get("negotiation-packages")
        yield (
            "Deals",
            _first(tables["negotiation-refusals"]) if found is None else _sentences(found, 2),
        )
        if "negotiation-votes" in tables:
            yield "Blockers", _first(tables["negotiation-votes"])
    elif "negotiation-stable" in tables:
        yield "Stable", tables["negotiation-stable"].sentence
        yield "Paths", tables["negotiation-paths"].sentence


def _first(table: Table) -> str:
    return _sentences(table, 1)


def _sentences(table: Table, count: int) -> str:
    """The first sentences of a table."""
    return ". ".join(table.sentence.split(". ")[:count]).rstrip(".") + "."


def _stakes(table: Table) -> str:
    """'United States moved: +20 (12…33); European Union holds, moving: +95 (75…135)'."""
    money = [_float(v) for v in table.column("money")]
    bound = next(c for c in table.columns if c.key == "bound")
    ends = [table.band(r, bound) for r in range(len(money))]
    decimals = min(decimals_for([*money, *(e for pair in ends if pair for e in pair)]), 1)
    parts = []
    for row, (party, behaviour, value) in enumerate(
        zip(table.column("party"), table.column("behaviour"), money, strict=True)
    ):
        gain = w.number(value, decimals, signed=True)
        if not gain.strip("0."):
            continue
        if value == table.column("bound")[row]:
            gain += _between(ends[row], decimals)
        moving = "" if behaviour == "moved" else ", moving"
        parts.append(f"{party} {behaviour}{moving}: {gain}")
    return f"{'; '.join(parts)}, USD million a year in money." if parts else _first(table)


def _between(ends: tuple[float, float] | None, decimals: int) -> str:
    """A band after its figure, ' (12…33)'; nothing without one."""
    if ends is None:
        return ""
    low, high = (w.number(end, decimals) for end in ends)
    return f" ({low}…{high})"


def _float(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


LOSS, GAIN = "red", "blue"


def print_summary(
    views: Views, console: Console, path: str | Path | None = None, *, details: bool = False
) -> None:
    """Print the four questions and the options in at most 24 lines.

    Args:
        views: of a case answered, from `views_of`.
        console: where to print; lines have 80 columns at most.
        path: the HTML brief, named in the last line.
        details: print what is in force, every option with its bands, and the negotiation instead,
            in the width of the console.
    """
    from rich.text import Text

    if details:
        _print_details(views, console, path)
        return
    title, *lines = summary_lines(views, path)
    console.print(Text(title, style="bold"), soft_wrap=True)
    for line in lines:
        text = Text(line)
        text.highlight_words(QUESTIONS.values(), "bold")
        console.print(text, soft_wrap=True)


def _print_details(views: Views, console: Console, path: str | Path | None) -> None:
    """What is in force, who gains and who pays, what lifting would do, and the negotiation."""
    from rich.text import Text

    console.print(Text(views.title, style="bold"))
    console.print(Text(views.subject, "dim"))
    if views.departure:
        console.print(Text(views.departure.sentence, style="bold"))
    if "gains" in views.tables:
        _print_trade(views, console)
    for line in negotiation_lines(views.tables):
        console.print(line, highlight=False)
    if "claims" in views.tables:
        verdicts = views.tables["claims"].sentence.partition(": ")[2].partition(" (")[0]
        console.print(f"[bold]{'Claims':<11}[/bold]{verdicts}", highlight=False)
    if "certificate" in views.tables:
        console.print(views.tables["certificate"].sentence, style="dim", highlight=False)
    if views.bands is not None:
        console.print(views.bands.sentence, style="dim", highlight=False)
    if path is not None:
        console.print(Text("Brief: ").append(str(path), style="bold"), soft_wrap=True)


def _print_trade(views: Views, console: Console) -> None:
    """What is in force, who gains and who pays, what lifting would do, and by horizon."""
    options = _largest(views.tables["options"])
    for line in _measures(views.tables["in-force"], views.tables["options"]):
        console.print(line, highlight=False)
    console.print()
    console.print(_sentences(views.tables["gains"], 3), highlight=False)
    if options:
        console.print()
        in_force = views.tables["in-force"]
        owners = {
            owner
            for owner, status in zip(
                in_force.column("owner"), in_force.column("status"), strict=True
            )
            if status == "in force"
        }
        fitting = _fitting(views.tables["options"], options, owners, console)
        console.print(fitting[1])
        more = len(_moving(views.tables["options"])) - fitting[0]
        if more:
            left_out = w.count(more, "more option is", "more options are")
            console.print(f"{w.sentence(left_out)} on the page and in --json.", highlight=False)
    moving = [*_twins(views.tables["options"]), *_idle(views.tables["options"])]
    if moving:
        console.print(" ".join(moving), style="dim", highlight=False)
    for line in _ranked(views.tables["gains"]):
        console.print(line)
    if "horizons" in views.tables:
        console.print(_by_horizon(views.tables["horizons"], views.horizon))


def _numbered(table: Table) -> list[Column]:
    return [c for c in table.columns if c.kind == "number"]


def _by_horizon(table: Table, own: str, most: int = 2) -> str:
    """'By horizon short, medium, long: Belarus −590, −617, −490; …' for those moved most."""
    runs = _numbered(table)
    rows = [r for r, row in enumerate(table.rows) if row[0] == table.rows[0][0]]
    rows.sort(key=lambda r: -abs(_float(table.column(own)[r])))
    decimals = min(decimals_for(v for r in rows for v in table.rows[r][3:]), 1)
    parts = (
        f"{table.rows[r][1]} " + ", ".join(_figure(table, r, c, decimals) for c in runs)
        for r in rows[:most]
    )
    names = ", ".join(c.key for c in runs)
    return f"[bold]{'By horizon':<11}[/bold][dim]{names}:[/dim] {'; '.join(parts)}"


def _fitting(
    table: Table, options: list[Column], owners: set[Cell], console: Console
) -> tuple[int, RichTable]:
    """As many of the options as the width holds without a cut, and the table of them."""
    from rich.measure import Measurement

    for most in range(len(options), 0, -1):
        shown = _options(table, _largest(table, most), owners)
        wide = console.options.update(max_width=1000)
        if most == 1 or Measurement.get(console, wide, shown).maximum <= console.width:
            break
    return most, shown


def _moving(table: Table) -> list[Column]:
    """The options, without those that move nothing where others hold the same."""
    columns = [c for c in _numbered(table) if c.key != "only-together"]
    if any("-and-" in c.key for c in columns):
        columns = [c for c in columns if _reach(table, c) > 0]
    return columns


def _largest(table: Table, most: int = 7) -> list[Column]:
    """As many options as fit side by side: those that move most, in their own order."""
    columns = _moving(table)
    order = sorted(range(len(columns)), key=lambda k: -_reach(table, columns[k]))
    return [columns[k] for k in sorted(order[:most])]


def _reach(table: Table, column: Column) -> float:
    """What an option moves, without noise: twins that move nothing are even."""
    moved = sum(abs(_float(v)) for v in table.column(column.key))
    return moved if moved >= NEGLIGIBLE else 0.0


def _letters(table: Table) -> dict[str, str]:
    """A letter for each measure that can be lifted alone, and sums of them, by the option's key."""
    keys = [c.key for c in _numbered(table) if c.key != "only-together"]
    singles = [k for k in keys if k != EVERYTHING and "-and-" not in k]
    letters = {key: chr(ord("A") + k) for k, key in enumerate(singles)}
    for key in keys:
        if "-and-" in key:
            parts = key.removeprefix("lift-").split("-and-")
            letters[key] = "+".join(letters[f"lift-{part}"] for part in parts)
    return letters | {EVERYTHING: "all"}


def _twins(table: Table) -> list[str]:
    """'D and E hold the same thing closed: …', for measures that must be lifted together."""
    letters = _letters(table)
    found = [letters[c.key].split("+") for c in _numbered(table) if "-and-" in c.key]
    return [f"{w.listing(some)} hold the same closed: one alone moves nothing." for some in found]


def _idle(table: Table) -> list[str]:
    """'G moves next to nothing.', for measures that move nobody, alone or with a twin."""
    letters = _letters(table)
    held = {x for key, letter in letters.items() if "-and-" in key for x in letter.split("+")}
    idle = [
        letters[c.key]
        for c in _numbered(table)
        if c.key in letters
        and c.key != EVERYTHING
        and letters[c.key] not in held
        and _reach(table, c) == 0
    ]
    verb = "moves" if len(idle) == 1 else "move"
    return [f"{w.listing(idle)} {verb} next to nothing."] if idle else []


def _measures(table: Table, options: Table) -> list[str]:
    from rich.markup import escape

    letters = _letters(options)
    labels = {c.label: letters.get(c.key, " ") for c in options.columns}
    lines = []
    for status, measure, since in zip(
        table.column("status"), table.column("measure"), table.column("since"), strict=True
    ):
        if status != "in force":
            continue
        letter = labels.get(f"Lift {w.quoted(str(measure))}", " ")
        lines.append(
            f"  [bold]{letter}[/bold] {escape(str(measure))} [dim]since {_since(since)}[/dim]"
        )
    return lines or ["  no measure"]


def _since(days: Cell) -> str:
    import datetime as dt

    return short_day(dt.date.fromisoformat(str(days).split("; ")[0]))


def _options(table: Table, options: list[Column], owners: set[Cell], most: int = 9) -> RichTable:
    """The options side by side, for those moved most; half of them may be owners of measures."""
    from rich.table import Table as RichTable

    most = most if table.bands is None else 6
    moved = [sum(abs(_float(v)) for v in row[1:]) for row in table.rows]
    known = [r for r, row in enumerate(table.rows) if row[0] != "World"]
    known.sort(key=lambda r: -moved[r])
    own = [r for r in known if table.rows[r][0] in owners][: most // 2]
    shown = sorted([*own, *(r for r in known if r not in own)][:most])
    values = [[_float(table.column(o.key)[r]) for o in options] for r in shown]
    decimals = min(decimals_for(v for row in values for v in row), 1)
    letters = _letters(table)
    out = RichTable(
        title="If lifted: USD million a year, those moved most"
        + (", 5 to 95 % below" if table.bands is not None else ""),
        title_justify="left",
        title_style="bold",
        box=None,
        header_style="underline",
        pad_edge=False,
        padding=(0, 1),
    )
    out.add_column("", no_wrap=True)
    for option in options:
        out.add_column(letters.get(option.key, ""), justify="right", no_wrap=True)
    for r, row in zip(shown, values, strict=True):
        out.add_row(str(table.rows[r][0]), *(_toned(v, decimals) for v in row))
        if table.bands is not None:
            out.add_row("", *(_ends(table, r, o, decimals) for o in options))
    return out


def _ends(table: Table, row: int, column: Column, decimals: int) -> str:
    """A band as short as it can be said: '−3…40'."""
    band = table.band(row, column)
    if band is None or max(map(abs, band)) < 0.5 * 10**-decimals:
        return ""
    return f"[dim]{w.number(band[0], decimals)}…{w.number(band[1], decimals)}[/dim]"


def _figure(table: Table, row: int, column: Column, decimals: int) -> str:
    """A figure with its band, if it has one: '−429 (−585…−345)'."""
    ends = _ends(table, row, column, decimals)
    text = _toned(_float(table.column(column.key)[row]), decimals)
    return f"{text} [dim]([/dim]{ends}[dim])[/dim]" if ends else text


def _toned(value: float, decimals: int) -> str:
    text = w.number(value, decimals, signed=True)
    if not text.strip("0."):
        return f"[dim]{text}[/dim]"
    return f"[{LOSS if value < 0 else GAIN}]{text}[/]"


def _ranked(table: Table, most: int = 5) -> list[str]:
    column = next(c for c in table.columns if c.key == "equivalent_variation")
    value = [_float(v) for v in table.column(column.key)]
    order = sorted(range(len(value)), key=lambda r: value[r])
    most = most if table.bands is None else 3
    paying = [r for r in order[:most] if value[r] < -NEGLIGIBLE]
    gaining = [r for r in order[::-1][:most] if value[r] > NEGLIGIBLE]
    decimals = min(decimals_for(value), 1)

    return [
        f"[bold]{head:<11}[/bold]"
        + ", ".join(f"{table.rows[r][0]} {_figure(table, r, column, decimals)}" for r in some)
        for head, some in (("Who pays", paying), ("Who gains", gaining))
        if some
    ]
