"""Draws of the talks of packaged cases, made before, so that a brief of one has their bands."""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.brief.kept import key_of
from detente.study.answering import DATE_ONLY
from detente.study.scenarios import Scenarios
from detente.study.talking import AnswerChance, ChannelBands, DrawnTalks, TalkBands, VoteChances

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from detente.case import Case

#: Draws that are packaged.
DRAWS = 128
#: Money is kept to hundredths of a USD million a year, as talks count it.
_GRAIN = 0.01
_DIGITS = 6


def kept_talks(
    case: Case | Scenarios, date: dt.date | str | None = None, horizon: str | None = None
) -> DrawnTalks | None:
    """The draws that are packaged for exactly this question; None where there are none.

    They are made by `data-build/talks.py`, from the same case, base year, horizons and settings.

    Args:
        case: a case, or scenarios of it.
        date: the day of the status quo; that of the case's talks if None.
        horizon: `short`, `medium` or `long`; the case's own, or that of the scenarios, if None.
    """
    of = case.case if isinstance(case, Scenarios) else case
    path = files("detente.brief").joinpath("kept", _name(of))
    if of.talks is None or not of.has_trade or not path.is_file():
        return None
    stored = json.loads(gzip.decompress(path.read_bytes()))
    return _read(stored) if stored["key"] == _key(case, date, horizon) else None


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
    path = folder / _name(of)
    stored = {
        "key": _key(case, None, None),
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
    text = json.dumps(stored, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    return path


def _key(case: Case | Scenarios, date: dt.date | str | None, horizon: str | None) -> str:
    there = case if isinstance(case, Scenarios) else Scenarios(case)
    if horizon:
        there = there.at(horizon)
    asked = date if date is not None or there.date == there.case.date else there.date
    terms = there.case.talks_terms(asked)
    in_force = "".join("01"[int(on)] for on in terms.status_quo_m)
    return " ".join((key_of(there, DATE_ONLY), terms.day.isoformat(), in_force))


def _name(case: Case) -> str:
    return f"{case.name}-talks.json.gz"


def _counted(money: NDArray[np.float64]) -> dict[str, Any]:
    """Money in grains; each draw as what it differs by from the first, which is mostly little."""
    grains = np.round(money / _GRAIN).astype(np.int64)
    grains[1:] -= grains[0]
    return {"shape": grains.shape, "grains": grains.ravel().tolist()}


def _money(stored: dict[str, Any], rows: list[int], countries: int) -> NDArray[np.float64]:
    grains = np.array(stored["grains"], dtype=np.int64).reshape(stored["shape"])
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


def _read(stored: dict[str, Any]) -> DrawnTalks:
    money, events = (
        _money(stored[part], stored["rows"], stored["countries"])
        for part in ("money", "events_money")
    )
    bands, channels = stored["bands"], stored["bands"]["channels"]
    return DrawnTalks(
        asked=stored["asked"],
        seed=stored["seed"],
        failed=stored["failed"],
        money_dqn=money,
        events_dan=events,
        chances=tuple(AnswerChance(**c) for c in stored["chances"]),
        events=_tuples(stored["events"]),
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
