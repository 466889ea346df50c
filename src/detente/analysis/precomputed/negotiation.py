"""Packaged draws of the negotiation of a case, for exactly the question that they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente._types import Array
from detente.analysis.extent import DATE_ONLY
from detente.analysis.negotiation import (
    AnswerChance,
    ChannelBands,
    NegotiationBands,
    NegotiationDraws,
    VoteChances,
    negotiate,
)
from detente.analysis.precomputed.store import cut, key_of, store, stored, tuples
from detente.analysis.scenarios import Scenarios

if TYPE_CHECKING:
    import datetime as dt

    from detente.analysis.negotiation import NegotiationAnswer
    from detente.cases import Case


#: Money is kept to hundredths of a USD million a year, as the negotiation counts it.
_GRAIN = 0.01


def packaged_negotiation(
    case: Case | Scenarios, date: dt.date | str | None = None, horizon: str | None = None
) -> NegotiationDraws | None:
    """The draws that are packaged for exactly this question; None where there are none.

    They are made by `data-build/bands.py`, from the same case, base year, horizons and settings.

    Args:
        case: a case, or scenarios of it.
        date: the day of the status quo; that of the case's negotiation if None.
        horizon: `short`, `medium` or `long`; the case's own, or that of the scenarios, if None.
    """
    of = case.case if isinstance(case, Scenarios) else case
    if of.negotiation is None or not of.has_trade:
        return None
    found = stored(_draws_name(of), lambda: _draws_key(case, date, horizon))
    return None if found is None else _draws_from(found)


def negotiation_of(
    case: Case | Scenarios,
    date: dt.date | str | None = None,
    *,
    draws: int | None,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> NegotiationAnswer:
    """The negotiation with draws of its own or, where none are asked for, with those packaged.

    Args:
        case: a case, or scenarios of it.
        date: the day of the status quo; that of the case's negotiation if None.
        draws: of the trade side; 0 for none, None for those packaged, if there are any.
        seed: of the draws.
        progress: told how many draws are done.

    Raises:
        CaseError, NegotiationError, ShockError, NotConverged, NoDraws: as in `negotiate`.
    """
    drawn = packaged_negotiation(case, date) if draws is None else None
    return negotiate(case, date, draws=draws or 0, seed=seed, progress=progress, drawn=drawn)


def write_negotiation(
    case: Case | Scenarios, countries: tuple[str, ...], drawn: NegotiationDraws, folder: Path
) -> Path:
    """Store draws for `packaged_negotiation`.

    Args:
        case: whose they are, on the day of its negotiation and at its own horizon.
        countries: of the world, N.
        drawn: with money drawn.
        folder: where to write.

    Raises:
        ValueError: no trade measure is among the moves.
    """
    of = case.case if isinstance(case, Scenarios) else case
    if drawn.money_dqn is None or drawn.events_dan is None:
        raise ValueError(f"{of.name}: no trade measure is among the moves, nothing has to be kept.")
    named = {c for party in of.negotiation_terms().parties for c in party.members}
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
        "bands": cut(asdict(drawn.bands)),
    }
    return store(folder, _draws_name(of), _draws_key(case, None, None), content)


def _draws_key(case: Case | Scenarios, date: dt.date | str | None, horizon: str | None) -> str:
    there = case if isinstance(case, Scenarios) else Scenarios(case)
    if horizon:
        there = there.at(horizon)
    asked = date if date is not None or there.date == there.case.date else there.date
    terms = there.case.negotiation_terms(asked)
    in_force = "".join("01"[int(on)] for on in terms.status_quo_m)
    return " ".join((key_of(there, DATE_ONLY), terms.day.isoformat(), in_force))


def _draws_name(case: Case) -> str:
    return f"{case.name}-negotiation"


def _counted(money: Array) -> dict[str, Any]:
    """Money in grains, by country, different set and draw, and which of these each set is.

    Sets count as what they differ by from the first, and so do draws, which is mostly little.
    """
    grains, of = np.unique(np.round(money / _GRAIN).astype(np.int64), axis=1, return_inverse=True)
    grains[:, 1:] -= grains[:, :1]
    grains[1:] -= grains[0]
    plain = grains.transpose(2, 1, 0)
    return {"shape": plain.shape, "of": of.ravel().tolist(), "grains": plain.ravel().tolist()}


def _money(found: dict[str, Any], rows: list[int], countries: int) -> Array:
    plain = np.array(found["grains"], dtype=np.int64).reshape(found["shape"])
    grains = plain.transpose(2, 1, 0)
    grains[1:] += grains[0]
    grains[:, 1:] += grains[:, :1]
    money = np.zeros((len(grains), len(found["of"]), countries))
    money[:, :, rows] = grains[:, found["of"]] * _GRAIN
    return money


def _draws_from(found: dict[str, Any]) -> NegotiationDraws:
    money, events = (
        _money(found[part], found["rows"], found["countries"]) for part in ("money", "events_money")
    )
    bands, channels = found["bands"], found["bands"]["channels"]
    return NegotiationDraws(
        asked=found["asked"],
        seed=found["seed"],
        failed=found["failed"],
        money_dqn=money,
        events_dan=events,
        chances=tuple(
            AnswerChance(**c | {"turned_too": tuple(c.get("turned_too", ()))})
            for c in found["chances"]
        ),
        events=tuples(found["events"]),
        bands=NegotiationBands(
            bands["draws"],
            {k: tuples(v) for k, v in bands["proposals"].items()},
            {
                k: VoteChances(
                    v["measure"],
                    tuples(v["gain"]),
                    v["carried"],
                    {m: tuples(b) for m, b in v["blocks"].items()},
                )
                for k, v in bands["votes"].items()
            },
            None
            if channels is None
            else ChannelBands(**{k: tuples(v) for k, v in channels.items()}),
        ),
    )
