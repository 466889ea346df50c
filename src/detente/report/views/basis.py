"""Views of what a report rests on: assumptions, certificates, and how to get the same numbers.

`assumptions_table`, `world_table`, `notes_table` and `certificate_table` are the tables.
`reproduce_table` and `negotiation_reproduce_table` list the commands, files and versions.
"""

from __future__ import annotations

import json
import platform
import re
import shlex
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from detente.analysis import labels as w
from detente.analysis.departure import departure_of
from detente.analysis.labels import day
from detente.cases.locate import short_name
from detente.cases.resolve import base_of
from detente.cases.saved_scenarios import SWITCHES
from detente.report.table import (
    GENERAL,
    SCIENTIFIC,
    Cell,
    Column,
    Link,
    Table,
)
from detente.world.names import good_name

if TYPE_CHECKING:
    from detente.analysis.answers import Answer, Assessment
    from detente.analysis.assessment import Snapshot
    from detente.analysis.negotiation import NegotiationAnswer
    from detente.cases import Case


def assumptions_table(a: Assessment) -> Table:
    """Every parameter of the case and of the horizon, with its range, date and source."""
    rows: list[tuple[Cell, ...]] = [
        (
            a.case.parameter_label(name),
            float(p.value),
            _range(p.range),
            p.unit,
            str(p.date),
            linked(p.source),
            p.note,
        )
        for name, p in a.case.parameters.items()
    ]
    of_case = len(rows)
    rows += _horizon_rows(a.horizon)
    estimates = sum(_is_estimate(row[5]) for row in rows)
    text = (
        f"The results rest on {w.count(of_case, 'parameter')} of the case and "
        f"{w.count(len(rows) - of_case, 'parameter')} of the {a.horizon} horizon; "
        f"{w.count(estimates, 'of them is an analyst estimate', 'of them are analyst estimates')}, "
        "the others come from the sources named."
    )
    changed = a.case.changes
    if changed:
        text += f" Changed from the case file: {w.listing(map(a.case.parameter_label, changed))}."
    return Table(
        "assumptions",
        "Assumptions and their sources",
        text,
        (
            Column("parameter", "Parameter"),
            Column("value", "Value", kind="number", decimals=GENERAL),
            Column("range", "Range"),
            Column("unit", "Unit"),
            Column("date", "Date"),
            Column("source", "Source", kind="links"),
            Column("note", "Note"),
        ),
        tuple(rows),
    )


def _is_estimate(source: Cell) -> bool:
    return isinstance(source, tuple) and source[0].text.casefold().startswith("analyst estimate")


def _horizon_rows(horizon: str) -> list[tuple[Cell, ...]]:
    from detente.trade.horizons import horizon_parameters

    entry: dict[str, Any] = horizon_parameters().get(horizon, {})
    return [
        (
            f"{horizon} run: {key.replace('_', ' ')}",
            float(p["value"]),
            _range(p.get("range")),
            p["unit"],
            "",
            linked(p["source"]),
            p.get("note", ""),
        )
        for key, p in entry.items()
        if isinstance(p, dict)
    ]


def _range(given: Any) -> str:
    return f"{w.general(given[0])} to {w.general(given[1])}" if given else ""


def linked(text: str) -> tuple[Link, ...]:
    """A source as text, its addresses as links."""
    links = []
    for part in (part.strip() for part in text.split(";")):
        hrefs = re.findall(r"https?://[^\s()<>]*[^\s()<>.,]", part)
        label = re.sub(r"[\s,:]*\(?https?://[^\s()<>]*[^\s()<>.,]\)?", "", part).strip(" ,")
        href = hrefs[0] if hrefs else ""
        links.append(Link(label or urlsplit(href).hostname or href, href))
    return tuple(links)


def world_table(a: Assessment) -> Table:
    """The base year: goods with their elasticities."""
    world = a.world
    rows: list[tuple[Cell, ...]] = [
        (
            good_name(good),
            float(world.trade_elasticity_j[j]),
            float(world.input_substitution_j[j]),
            float(world.sales_jn[j].sum() / 1000),
        )
        for j, good in enumerate(world.goods)
    ]
    return Table(
        "world",
        "The base year",
        f"The base year is {world.year}: {w.count(len(world.countries), 'economy', 'economies')} "
        f"and {w.count(len(world.goods), 'good')}, from {world.source}.",
        (
            Column("good", "Good"),
            Column("trade_elasticity", "Trade elasticity", kind="number", decimals=2),
            Column("input_substitution", "Substitution among inputs", kind="number", decimals=2),
            Column("sales", "World sales", "USD billion", "number", 0),
        ),
        tuple(rows),
    )


def notes_table(a: Assessment) -> Table:
    """What was mended or assumed in the base year."""
    notes = a.world.notes
    return Table(
        "world-notes",
        "Notes on the base year",
        f"The data have {w.count(len(notes), 'note')} on what was mended or assumed.",
        (Column("note", "Note"),),
        tuple((note,) for note in notes),
        lead=5,
    )


def certificate_table(answer: Answer) -> Table:
    """How exactly the markets of every equilibrium behind the brief clear."""
    a = answer.assessment
    solved: list[tuple[str, Snapshot]] = [("base year", a.base), ("regime", a.regime)]
    solved += [
        (f"{'without' if e.in_force else 'with'} {w.quoted(e.measure.label)}", e.switched)
        for e in a.effects
    ]
    if answer.timeline is not None:
        solved += [(f"regime from {day(r.start)}", r.snapshot) for r in answer.timeline.regimes]
    for name, run in answer.horizons.items():
        solved.append((f"{name} run: regime", run.regime))
        solved += [
            (f"{name} run: without {w.quoted(e.measure.label)}", e.switched)
            for e in run.effects
            if e.in_force
        ]
    rows: list[tuple[Cell, ...]] = [
        (
            label,
            s.certificate.status,
            float(s.certificate.largest_violation),
            s.certificate.evaluations,
            s.certificate.condition,
        )
        for label, s in solved
    ]
    worst = max(s.certificate.largest_violation for _, s in solved)
    good = all(s.certificate.status == "converged" for _, s in solved)
    return Table(
        "certificate",
        "Certificate of convergence",
        f"{'All' if good else 'Not all'} {len(solved)} equilibria behind this brief "
        f"{'converged' if good else 'converged: read the figures with that in mind'}; the largest "
        f"relative violation of any market, budget or factor market is {w.scientific(worst)}.",
        (
            Column("equilibrium", "Equilibrium"),
            Column("status", "Status"),
            Column("violation", "Largest violation", "relative", "number", SCIENTIFIC),
            Column("evaluations", "Evaluations", kind="number"),
            Column("condition", "Holds least exactly"),
        ),
        tuple(rows),
        note="Recomputed from levels of prices, quantities and incomes, independently of the "
        "solver's own variables.",
        lead=16 if len(rows) > 18 else 0,
    )


def reproduce_table(answer: Answer) -> Table:
    """What to run to get the same numbers, and the digests that say they are the same inputs."""
    a, bands = answer.assessment, answer.bands
    case = a.case
    file = file_of(case)
    settings = {"date": str(a.date), "horizon": a.horizon, "transfers": a.transfers}
    options = " ".join(f"--{key} {value}" for key, value in settings.items())
    arguments = ", ".join(f'{key}="{value}"' for key, value in settings.items())
    changed = f".with_parameters({case.changes})" if case.changes else ""
    full = answer.timeline is not None
    arguments += "" if full else ", full=False"
    arguments += ", draws=0" if bands is None else f", draws={bands.draws}, seed={bands.seed}"
    if case.named_scenario is not None and case.named_scenario.label == SWITCHES:
        options, changed = _switched(case, options)
    elif case.named_scenario is not None:
        # The file of the app holds the case and, under this label, all that was changed.
        label = case.named_scenario.label
        if case.path is None or case.named_scenario not in case.own.scenarios:
            file = f"{departure_of(case, a.date, a.horizon, a.transfers).stem(case.name)}.yaml"
        options = f"--scenario {shlex.quote(label)}"
        changed = f".in_scenario({json.dumps(label, ensure_ascii=False)})"
    rows: list[tuple[Cell, ...]] = [
        (
            "Python",
            "import detente\nfrom detente.report import make_brief, write_brief\n\n"
            f'case = detente.load_case("{file}"){changed}\n'
            f"views = make_brief(case, {arguments})\n"
            f'write_brief(views, "{case.name}.html")',
        ),
        ("Case digest (SHA-256)", case.digest),
        ("World digest (SHA-256)", base_of(case).digest),
        ("World", f"{a.world.name} ({a.world.source})"),
        ("Versions", versions()),
    ]
    if not case.changes or case.named_scenario is not None:
        options += "" if full else " --quick"
        options += " --draws 0" if bands is None else f" --draws {bands.draws} --seed {bands.seed}"
        rows.insert(0, ("Command line", f"detente brief {file} {options}"))
    return Table(
        "reproduce",
        "How to reproduce this brief",
        f"The case of {day(a.date)} and the world of {a.world.year} with these digests give the "
        "same numbers when this is run.",
        (Column("what", "What"), Column("value", "Value", kind="code")),
        tuple(rows),
    )


def _switched(case: Case, options: str) -> tuple[str, str]:
    """Options of a command and the call in Python that lift and impose the same measures."""
    assert case.named_scenario is not None
    switches = case.named_scenario.measures
    some = {key: [m for m, on in switches.items() if on is (key == "impose")] for key in _SWITCHED}
    named = [f"--{key} {measure}" for key, measures in some.items() for measure in measures]
    given = [f"{key}={json.dumps(measures)}" for key, measures in some.items() if measures]
    if case.named_scenario.date is not None:
        given.append(f'date="{case.named_scenario.date}"')
    return " ".join([options, *named]).strip(), f".switched({', '.join(given)})"


_SWITCHED = ("lift", "impose")


def file_of(case: Case) -> str:
    """What to load a case by: its name if it is packaged, else its folder or file."""
    return case.name if case.path is None else short_name(case.path)


def versions() -> str:
    """Versions of what the numbers were computed with."""
    of = ", ".join(f"{p} {_version(p)}" for p in ("detente", "numpy", "scipy"))
    return f"{of}, Python {platform.python_version()}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def negotiation_reproduce_table(negotiation: NegotiationAnswer) -> Table:
    """What to run, and the digest that says that the inputs are the same."""
    case, file = negotiation.case, file_of(negotiation.case)
    options, changed = "", ""
    if case.named_scenario is not None and case.named_scenario.label == SWITCHES:
        options, changed = _switched(case, f"--date {negotiation.date}")
    return Table(
        "reproduce",
        "How to reproduce this brief",
        f"The case of {day(negotiation.date)} with this digest gives the same results when this "
        f"is run.",
        (Column("what", "What"), Column("value", "Value", kind="code")),
        (
            ("Command line", f"detente brief {file} {options}".strip()),
            (
                "Python",
                "import detente\nfrom detente.report import make_brief, write_brief\n\n"
                f'case = detente.load_case("{file}"){changed}\n'
                f'write_brief(make_brief(case), "{case.name}.html")',
            ),
            ("Case digest (SHA-256)", case.digest),
            ("Versions", versions()),
        ),
    )
