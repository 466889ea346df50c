"""Draws of the talks of packaged cases, made before, so that a brief of one has their bands."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.brief.kept import key_of
from detente.brief.stored import store, stored
from detente.study.answering import DATE_ONLY
from detente.study.scenarios import Scenarios
from detente.study.talking import AnswerChance, ChannelBands, DrawnTalks, TalkBands, VoteChances

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from numpy.typing import NDArray

    from detente.case import Case
    from detente.study.talking import TalksAnswer

#: Money is kept to hundredths of a USD million a year, as talks count it.
_GRAIN = 0.01
_DIGITS = 6


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
    found = stored(_name(of), lambda: _key(case, date, horizon))
    return None if found is None else _read(found)


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
    from detente.study.talking import talk

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
    return store(folder, _name(of), _key(case, None, None), content)


def _key(case: Case | Scenarios, date: dt.date | str | None, horizon: str | None) -> str:
    there = case if isinstance(case, Scenarios) else Scenarios(case)
    if horizon:
        there = there.at(horizon)
    asked = date if date is not None or there.date == there.case.date else there.date
    terms = there.case.talks_terms(asked)
    in_force = "".join("01"[int(on)] for on in terms.status_quo_m)
    return " ".join((key_of(there, DATE_ONLY), terms.day.isoformat(), in_force))


def _name(case: Case) -> str:
    return f"{case.name}-talks"


def _counted(money: NDArray[np.float64]) -> dict[str, Any]:
    """Money in grains; each draw as what it differs by from the first, which is mostly little."""
    grains = np.round(money / _GRAIN).astype(np.int64)
    grains[1:] -= grains[0]
    return {"shape": grains.shape, "grains": grains.ravel().tolist()}


def _money(found: dict[str, Any], rows: list[int], countries: int) -> NDArray[np.float64]:
    grains = np.array(found["grains"], dtype=np.int64).reshape(found["shape"])
    grains[1:] += grains[0]
    money = np.zeros((*grains.shape[:2], countries))
    money[:, :, rows] = grains * _GRAIN
    return money


def _cut(value: Any) -> Any:
    """The same with numbers of a few digits."""
    if isinstance(value, dict):
        return {k: _cut(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cut(v) for v in value]
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


def _tuples(value: Any) -> Any:
    """Lists within as tuples."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _read(found: dict[str, Any]) -> DrawnTalks:
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
