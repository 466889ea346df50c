"""Precomputed answers of packaged cases, each file for exactly one question.

`stored` and `store` read and write such a file under a digest of its question. `kept_bands`,
`kept_talks` and `kept_sanctions` give bands, draws of the negotiation and sanctions by design,
whose curves take minutes, or None where nothing answers this question.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente._files import write_file
from detente.analysis.answers import DATE_ONLY, Extent
from detente.analysis.background import aside
from detente.analysis.coalitions import Member
from detente.analysis.negotiation import (
    AnswerChance,
    ChannelBands,
    DrawnTalks,
    TalkBands,
    VoteChances,
)
from detente.analysis.sanctions import (
    FEW_WEIGHTS,
    Curve,
    CurvePoint,
    Joint,
    Sanctions,
    sanctions_of,
)
from detente.analysis.scenarios import Scenarios
from detente.analysis.sensitivities import Entry
from detente.analysis.sides import sides_of
from detente.report.table import Bands, Driven, TableBands

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from detente.analysis.answers import Answer
    from detente.analysis.claims import Verdicts
    from detente.analysis.negotiation import TalksAnswer
    from detente.analysis.record.result import BackTest, Transfers
    from detente.cases import Case
    from detente.report.table import Array


def stored(name: str, key: Callable[[], str]) -> dict[str, Any] | None:
    """What is packaged under a name; None where nothing is, or where it answers something else.

    Args:
        name: of what is asked for, such as `belarus-talks`.
        key: digest of the question; asked for only where there is a file.
    """
    path = files("detente.report").joinpath("kept", f"{name}.json.gz")
    if not path.is_file():
        return None
    content: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return content if content["key"] == key() else None


def store(folder: Path, name: str, key: str, content: Mapping[str, Any]) -> Path:
    """Write what `stored` reads.

    Args:
        folder: where to write.
        name: of the file.
        key: digest of the question that it answers.
        content: plain values, every number finite.
    """
    text = json.dumps(
        {"key": key, **content}, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return write_file(folder / f"{name}.json.gz", gzip.compress(text.encode(), mtime=0))


#: Digits that are kept of a number.
_DIGITS_OF_BANDS = 6


def kept_bands(scenarios: Scenarios, extent: Extent) -> Bands | None:
    """The bands that are packaged for exactly this question; None where there are none.

    They are made by `data-build/bands.py`, from the same case, base year, horizons and settings.

    Args:
        scenarios: of the case, on the day and at the horizon asked for.
        extent: how much of the case is answered.
    """
    found = stored(scenarios.case.name, lambda: key_of(scenarios, extent))
    return None if found is None else _bands_from(found)


def verdicts_of(
    case: Case,
    *,
    draws: int | None,
    seed: int = 0,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    progress: Callable[[int], None] | None = None,
) -> Verdicts:
    """The claims with draws of their own or, where none are asked for, with the bands packaged.

    Args:
        case: whose claims.
        draws: 0 for none, None for the bands that a brief has, if there are any.
        seed: of the draws.
        horizon: as in `verdicts`.
        transfers: as in `verdicts`.
        progress: told how many draws are done.

    Raises:
        CaseError, NoDraws, ShockError, NotConverged: as in `verdicts`.
    """
    from detente.analysis.claims import tested_numbers, verdicts, verdicts_on

    scenarios = Scenarios(case, horizon=horizon, transfers=transfers) if draws is None else None
    bands = None if scenarios is None else kept_bands(scenarios, Extent())
    if scenarios is None or bands is None:
        return verdicts(
            case, draws or 0, seed=seed, horizon=horizon, transfers=transfers, progress=progress
        )
    return verdicts_on(
        case,
        tested_numbers(scenarios),
        dict(bands.tested),
        horizon=scenarios.horizon,
        asked=bands.asked,
        draws=bands.draws,
        failed=bands.failed,
        why=bands.why,
    )


def backtest_with(
    case: Case,
    *,
    draws: int | None,
    seed: int = 0,
    horizon: str | None = None,
    transfers: Transfers | None = None,
    variants: bool = True,
    progress: Callable[[int], None] | None = None,
) -> BackTest:
    """The same of the back-test.

    Args:
        case: that is held against later years.
        draws: 0 for none, None for the bands that a brief has, if there are any.
        seed: of the draws.
        horizon: as in `backtest`.
        transfers: as in `backtest`.
        variants: as in `backtest`.
        progress: told how many draws are done.

    Raises:
        CaseError, NoDraws, ShockError, NotConverged: as in `backtest`.
    """
    from detente.analysis.record.plan import plan_of
    from detente.analysis.record.result import backtest, backtest_of

    scenarios = Scenarios(case, horizon=horizon, transfers=transfers) if draws is None else None
    bands = None if scenarios is None else kept_bands(scenarios, Extent())
    if scenarios is None or bands is None:
        return backtest(
            case,
            draws=draws or 0,
            seed=seed,
            horizon=horizon,
            transfers=transfers,
            variants=variants,
            progress=progress,
        )
    return backtest_of(
        scenarios,
        plan_of(case),
        bands.backtest,
        asked=bands.asked,
        draws=bands.draws,
        failed=bands.failed,
        why=bands.why,
        variants=variants,
    )


def write_bands(
    scenarios: Scenarios, extent: Extent, bands: Bands, folder: Path, witness: list[list[float]]
) -> Path:
    """Store bands for `kept_bands`.

    Args:
        scenarios: whose they are.
        extent: how much of the case was answered.
        bands: over many draws.
        folder: where to write.
        witness: figures of the first draws, against which a test holds the model.
    """
    content = {
        "draws": bands.draws,
        "failed": bands.failed,
        "seed": bands.seed,
        "tables": {
            name: {
                "rows": t.rows,
                "columns": t.columns,
                "low": _plain(t.low),
                "high": _plain(t.high),
            }
            for name, t in bands.tables.items()
        },
        "drivers": [
            [d.table, d.row, d.column, d.label, d.unit, [[n, round(r, 3)] for n, r in d.parameters]]
            for d in bands.drivers
        ],
        "tested": {k: [_plain(end) for end in ends] for k, ends in bands.tested.items()},
        "backtest": {k: [_plain(end) for end in ends] for k, ends in bands.backtest.items()},
        "witness": witness,
    }
    return store(folder, scenarios.case.name, key_of(scenarios, extent), content)


def witness_of(scenarios: Scenarios, extent: Extent) -> tuple[int, list[list[float]]]:
    """The seed and the figures of the first draws that were stored with the bands of a case.

    Raises:
        KeyError: none are packaged for this question.
    """
    found = stored(scenarios.case.name, lambda: key_of(scenarios, extent))
    if found is None:
        raise KeyError(scenarios.case.name)
    return found["seed"], found["witness"]


def key_of(scenarios: Scenarios, extent: Extent) -> str:
    """A digest of everything that an answer depends on but the code."""
    from detente.cases.resolve import base_of
    from detente.trade import horizon_parameters

    parts = [
        scenarios.case.digest,
        base_of(scenarios.case).digest,
        scenarios.date.isoformat(),
        scenarios.horizon,
        scenarios.transfers,
        repr(sorted(scenarios.case.changes.items())),
        repr(extent),
        json.dumps(horizon_parameters(), sort_keys=True),
    ]
    if scenarios.case.named_scenario is not None:
        # Measures that it switches change neither the file nor a parameter.
        parts.append(scenarios.case.named_scenario.model_dump_json())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _plain(values: Array) -> Any:
    flat = [
        None if not np.isfinite(v) else float(f"{v:.{_DIGITS_OF_BANDS}g}") for v in values.ravel()
    ]
    return {"shape": values.shape, "values": flat}


def _array(kept: Any) -> Array:
    values = [np.nan if v is None else v for v in kept["values"]]
    return np.array(values, dtype=np.float64).reshape(kept["shape"])


def _bands_from(found: dict[str, Any]) -> Bands:
    def pairs(part: str) -> dict[str, tuple[Array, Array]]:
        return {k: (_array(low), _array(high)) for k, (low, high) in found[part].items()}

    return Bands(
        tables={
            name: TableBands(
                tuple(map(tuple, t["rows"])),
                tuple(t["columns"]),
                _array(t["low"]),
                _array(t["high"]),
            )
            for name, t in found["tables"].items()
        },
        asked=found["draws"],
        draws=found["draws"],
        failed=found["failed"],
        seed=found["seed"],
        drivers=tuple(
            Driven(table, tuple(row), column, label, unit, tuple((n, r) for n, r in parameters))
            for table, row, column, label, unit, parameters in found["drivers"]
        ),
        tested=pairs("tested"),
        backtest=pairs("backtest"),
    )


#: Digits that are kept of a number.
_DIGITS_OF_SANCTIONS = 7


def sanctions_beside(answer: Answer, *, curve: bool) -> Callable[[], Sanctions] | None:
    """The sanctions of an answer: those kept, or else begun in a process of their own.

    Args:
        answer: with the scenarios that it was solved with.
        curve: whether to work out a curve that is not kept, which takes half a minute or more.

    Returns:
        To be called once for the result; None where nobody is hit by another.
    """
    scenarios, sides = answer.scenarios, sides_of(answer.assessment)
    if scenarios is None or sides is None:
        return None
    kept = kept_sanctions(scenarios)
    if kept is not None:
        return lambda: kept
    return aside(partial(sanctions_of, scenarios, sides, curve=FEW_WEIGHTS if curve else ()))


def kept_sanctions(scenarios: Scenarios) -> Sanctions | None:
    """What is packaged for exactly this question; None where there is nothing.

    It is made by `data-build/sanctions.py`, from the same case, base year, horizon and settings.

    Args:
        scenarios: of the case, on the day and at the horizon asked for.
    """
    found = stored(_sanctions_name(scenarios), lambda: key_of(scenarios, DATE_ONLY))
    return None if found is None else _sanctions_from(found)


def write_sanctions(scenarios: Scenarios, found: Sanctions, folder: Path) -> Path:
    """Store sanctions for `kept_sanctions`.

    Args:
        scenarios: whose they are.
        found: with a curve for every sender.
        folder: where to write.
    """
    return store(
        folder, _sanctions_name(scenarios), key_of(scenarios, DATE_ONLY), _to_plain(asdict(found))
    )


def _sanctions_name(scenarios: Scenarios) -> str:
    return f"{scenarios.case.name}-sanctions"


def _to_plain(value: Any) -> Any:
    """Numbers cut to a few digits; those that are not finite as texts."""
    if isinstance(value, dict):
        return {k: _to_plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_to_plain(v) for v in value]
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS_OF_SANCTIONS}g}") if math.isfinite(value) else f"#{value}"
    return value


def _from_plain(value: Any) -> Any:
    """The opposite of `_plain`, with tuples for lists."""
    if isinstance(value, dict):
        return {k: _from_plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return tuple(map(_from_plain, value))
    return float(value[1:]) if isinstance(value, str) and value.startswith("#") else value


def _sanctions_from(found: dict[str, Any]) -> Sanctions:
    plain = _from_plain({k: v for k, v in found.items() if k != "key"})
    joint = plain["joint"]
    return Sanctions(
        menus={k: tuple(Entry(**e) for e in some) for k, some in plain["menus"].items()},
        joint=None
        if joint is None
        else Joint(**joint | {"members": tuple(Member(**m) for m in joint["members"])}),
        curves=tuple(
            Curve(**c | {"points": tuple(CurvePoint(**p) for p in c["points"])})
            for c in plain["curves"]
        ),
        lacking=plain["lacking"],
        draws=plain["draws"],
    )


#: Money is kept to hundredths of a USD million a year, as talks count it.
_GRAIN = 0.01


def kept_talks(
    case: Case | Scenarios, date: dt.date | str | None = None, horizon: str | None = None
) -> DrawnTalks | None:
    """The draws that are packaged for exactly this question; None where there are none.

    They are made by `data-build/bands.py`, from the same case, base year, horizons and settings.

    Args:
        case: a case, or scenarios of it.
        date: the day of the status quo; that of the case's talks if None.
        horizon: `short`, `medium` or `long`; the case's own, or that of the scenarios, if None.
    """
    of = case.case if isinstance(case, Scenarios) else case
    if of.talks is None or not of.has_trade:
        return None
    found = stored(_draws_name(of), lambda: _draws_key(case, date, horizon))
    return None if found is None else _draws_from(found)


def talks_of(
    case: Case | Scenarios,
    date: dt.date | str | None = None,
    *,
    draws: int | None,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> TalksAnswer:
    """The talks with draws of their own or, where none are asked for, with those packaged.

    Args:
        case: a case, or scenarios of it.
        date: the day of the status quo; that of the case's talks if None.
        draws: of the trade side; 0 for none, None for those packaged, if there are any.
        seed: of the draws.
        progress: told how many draws are done.

    Raises:
        CaseError, TalksError, ShockError, NotConverged, NoDraws: as in `talk`.
    """
    from detente.analysis.negotiation import talk

    kept = kept_talks(case, date) if draws is None else None
    return talk(case, date, draws=draws or 0, seed=seed, progress=progress, drawn=kept)


def write_talks(
    case: Case | Scenarios, countries: tuple[str, ...], drawn: DrawnTalks, folder: Path
) -> Path:
    """Store draws for `kept_talks`.

    Args:
        case: whose they are, on the day of its talks and at its own horizon.
        countries: of the world, N.
        drawn: with money drawn.
        folder: where to write.

    Raises:
        ValueError: no trade measure is among the moves.
    """
    of = case.case if isinstance(case, Scenarios) else case
    if drawn.money_dqn is None or drawn.events_dan is None:
        raise ValueError(f"{of.name}: no trade measure is among the moves, nothing has to be kept.")
    named = {c for party in of.talks_terms().parties for c in party.members}
    rows = [n for n, c in enumerate(countries) if c in named]
    content = {
        "asked": drawn.asked,
        "seed": drawn.seed,
        "failed": drawn.failed,
        "countries": len(countries),
        "rows": rows,
        "money": _counted(drawn.money_dqn[:, :, rows]),
        "events_money": _counted(drawn.events_dan[:, :, rows]),
        "chances": [asdict(c) for c in drawn.chances],
        "events": drawn.events,
        "bands": _cut(asdict(drawn.bands)),
    }
    return store(folder, _draws_name(of), _draws_key(case, None, None), content)


def _draws_key(case: Case | Scenarios, date: dt.date | str | None, horizon: str | None) -> str:
    there = case if isinstance(case, Scenarios) else Scenarios(case)
    if horizon:
        there = there.at(horizon)
    asked = date if date is not None or there.date == there.case.date else there.date
    terms = there.case.talks_terms(asked)
    in_force = "".join("01"[int(on)] for on in terms.status_quo_m)
    return " ".join((key_of(there, DATE_ONLY), terms.day.isoformat(), in_force))


def _draws_name(case: Case) -> str:
    return f"{case.name}-talks"


def _counted(money: NDArray[np.float64]) -> dict[str, Any]:
    """Money in grains, by country, different set and draw, and which of these each set is.

    Sets count as what they differ by from the first, and so do draws, which is mostly little.
    """
    grains, of = np.unique(np.round(money / _GRAIN).astype(np.int64), axis=1, return_inverse=True)
    grains[:, 1:] -= grains[:, :1]
    grains[1:] -= grains[0]
    plain = grains.transpose(2, 1, 0)
    return {"shape": plain.shape, "of": of.ravel().tolist(), "grains": plain.ravel().tolist()}


def _money(found: dict[str, Any], rows: list[int], countries: int) -> NDArray[np.float64]:
    plain = np.array(found["grains"], dtype=np.int64).reshape(found["shape"])
    grains = plain.transpose(2, 1, 0)
    grains[1:] += grains[0]
    grains[:, 1:] += grains[:, :1]
    money = np.zeros((len(grains), len(found["of"]), countries))
    money[:, :, rows] = grains[:, found["of"]] * _GRAIN
    return money


def _cut(value: Any) -> Any:
    """The same with numbers of a few digits."""
    if isinstance(value, dict):
        return {k: _cut(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cut(v) for v in value]
    return float(f"{value:.{_DIGITS_OF_BANDS}g}") if isinstance(value, float) else value


def _tuples(value: Any) -> Any:
    """Lists within as tuples."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _draws_from(found: dict[str, Any]) -> DrawnTalks:
    money, events = (
        _money(found[part], found["rows"], found["countries"]) for part in ("money", "events_money")
    )
    bands, channels = found["bands"], found["bands"]["channels"]
    return DrawnTalks(
        asked=found["asked"],
        seed=found["seed"],
        failed=found["failed"],
        money_dqn=money,
        events_dan=events,
        chances=tuple(
            AnswerChance(**c | {"turned_too": tuple(c.get("turned_too", ()))})
            for c in found["chances"]
        ),
        events=_tuples(found["events"]),
        bands=TalkBands(
            bands["draws"],
            {k: _tuples(v) for k, v in bands["proposals"].items()},
            {
                k: VoteChances(
                    v["measure"],
                    _tuples(v["gain"]),
                    v["carried"],
                    {m: _tuples(b) for m, b in v["blocks"].items()},
                )
                for k, v in bands["votes"].items()
            },
            None
            if channels is None
            else ChannelBands(**{k: _tuples(v) for k, v in channels.items()}),
        ),
    )
