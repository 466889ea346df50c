"""`detente check`: every fault of a case, what its measures close, and both ends of ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from detente.cli.options import CaseName, Date, Json, day, print_json

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from detente.analysis.reach import Reach
    from detente.cases import Case, Fault, Measure


def check(case: CaseName = "belarus", date: Date = None, as_json: Json = False) -> None:
    """Check a case: all faults of its files, what each measure closes, and what has no effect.

    Both ends of every range are tried, each with all other parameters at the centre.
    """
    import datetime as dt

    from detente.cases import CaseError, load_case
    from detente.cases.case_files import left_out
    from detente.cases.check_negotiation import unrenewed
    from detente.cases.locate import title_of

    try:
        read = load_case(case)
    except CaseError as error:
        _refused(case, error.faults, str(error), as_json=as_json)
    from detente.analysis import idle_measures
    from detente.analysis.negotiation.labels import patience_words
    from detente.analysis.uncertainty.range_ends import end_faults

    ends = end_faults(read)
    if ends:
        name = title_of(read.path) if read.path else read.name
        count = f"{len(ends)} fault{'s' * (len(ends) != 1)}"
        head = f"{name} cannot be drawn: {count} at the ends of ranges."
        _refused(case, ends, "\n".join([head, *(f"- {f}" for f in ends)]), as_json=as_json)
    asked = day(date)
    on = read.date if asked is None else dt.date.fromisoformat(asked)
    idle = idle_measures(read, date=asked)
    beside = left_out(read.files)
    reach = _reach(read, on)
    if as_json:
        print_json(
            {
                "case": read.name,
                "ok": True,
                "faults": [],
                "digest": read.digest,
                "files": [f.relative_to(read.files[0].parent).as_posix() for f in read.files],
                "measures": len(read.measures),
                "sets": [
                    {"measure": m.id, "owner": m.owner, "in_force": m.in_force_on(on)}
                    | {"settings": [_plain(read, m, r) for r in found]}
                    for m, found in reach
                ],
                "patience": patience_words(read),
                "remarks": [*read.remarks, *beside],
                "no_effect": [{"measure": m, "why": why} for m, why in idle],
                "not_renewed": [{"measure": m, "why": why} for m, why in unrenewed(read)],
            }
        )
        return
    from detente.analysis import labels as w

    ranged = sum(p.range is not None for p in read.parameters.values())
    tried = f" ({ranged} with a range, both ends of which can be)" if ranged else ""
    typer.echo(
        f"{read.name}: no faults. {w.count(len(read.measures), 'measure').capitalize()}, "
        f"{w.count(len(read.parties), 'party', 'parties')}, "
        f"{w.count(len(read.parameters), 'parameter')}{tried}, "
        f"{w.count(len(read.commodities), 'commodity', 'commodities')}."
    )
    for measure, found in reach:
        status = "in force" if measure.in_force_on(on) else "not in force"
        typer.echo(f"{measure.id} ({read.party(measure.owner).name}, {status} on {on}):")
        for one in found:
            typer.echo(f"  {_words(read, measure, one)}.")
    for said in patience_words(read):
        typer.echo(said)
    for said in (*read.remarks, *beside):
        typer.echo(f"- {said}")
    for name, why in idle:
        typer.echo(f"- {name} has no effect: {why}")
    for name, why in unrenewed(read):
        typer.echo(f"- {name} lapses unless renewed: {why}")


def _refused(case: str, faults: Sequence[Fault], text: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"case": case, "ok": False, "faults": [vars_of(f) for f in faults]})
    else:
        typer.echo(text, err=True)
    raise typer.Exit(1) from None


def _reach(case: Case, on: dt.date) -> list[tuple[Measure, tuple[Reach, ...]]]:
    if not case.has_trade:
        return []
    from detente.analysis.reach import reach_of
    from detente.cases.resolve import world_of

    world = world_of(case)
    return [(m, reach_of(case, m, world, on)) for m in case.trade_measures]


def _words(case: Case, measure: Measure, reach: Reach) -> str:
    from detente.report.views.measures import described_setting, reached

    owner = case.party(measure.owner).name
    return f"{described_setting(case, reach.setting)}: {reached(reach, owner)}"


def _plain(case: Case, measure: Measure, reach: Reach) -> dict[str, Any]:
    return {
        "kind": reach.setting.kind,
        "words": _words(case, measure, reach),
        "flows": reach.flows,
        "base_value": reach.value,
        "outside_owner": {
            "flows": reach.outside,
            "base_value": reach.outside_value,
            "buyers": reach.outsiders,
        },
    }


def vars_of(fault: object) -> dict[str, object]:
    """A fault as plain keys and values."""
    from dataclasses import asdict

    return asdict(fault)  # type: ignore[call-overload,no-any-return]
