"""Bands of one deal: how what it brings each signatory varies over draws, whichever deal it is.

`DealBands` is the result. `deal_bands` makes it from draws of trade that the setting carries, with
valuations drawn as for the packages that a case names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente._types import Codes
from detente.analysis.negotiation.bands import Band, Draws, central_band, worth_of_draws
from detente.analysis.negotiation.conflict import Bargaining
from detente.analysis.negotiation.draws import VALUED
from detente.analysis.negotiation.reasons import drawn_holders
from detente.negotiation.uncertainty.chances import drawn


@dataclass(frozen=True)
class DealBands:
    """Central 90 % of what deals bring over draws, by deal and party as they were asked.

    Attributes:
        draws: how many.
        gain: of the whole gain, USD million a year.
        money: of the part of it that is money.
    """

    draws: int
    gain: tuple[tuple[Band, ...], ...]
    money: tuple[tuple[Band, ...], ...]


def deal_bands(
    setting: Bargaining, codes: Sequence[int], parties: Sequence[str], *, apart: bool = False
) -> DealBands | None:
    """Bands of some deals; None where the setting carries no draws of trade.

    Args:
        setting: the conflict of a case.
        codes: the states that the deals lead to.
        parties: ids of the signatories.
        apart: leave members that sign for themselves out of their bloc, as points and fronts do.
    """
    money = drawn_holders(setting)
    if money is None or setting.money is None:
        return None
    worth = worth_of_draws(setting, ())
    values_dp = drawn(worth.ranges, VALUED, setting.money.seed)
    draws = Draws.of(setting, worth, values_dp, money)
    here = setting.status_quo
    payoff_dhc = draws.holders([here, *codes])
    gain_dhc = payoff_dhc[:, :, 1:] - payoff_dhc[:, :, :1]
    setting_s = setting.conflict.payoffs.setting_s
    at = setting_s[np.asarray(codes, dtype=np.int64)]
    money_dhc = money[:, :, at] - money[:, :, [setting_s[here]]]
    rows = [_rows(draws, p, apart=apart) for p in parties]
    return DealBands(
        VALUED,
        *(
            tuple(
                tuple(central_band(over[:, r, c].sum(axis=1)) for r in rows)
                for c in range(len(codes))
            )
            for over in (gain_dhc, money_dhc)
        ),
    )


def _rows(draws: Draws, party: str, *, apart: bool) -> Codes:
    """Rows of the holders whose gains are added up for a party."""
    rows = draws.rows(party)
    if not apart:
        return rows
    twins = draws.setting.twins(party)
    holders = draws.setting.conflict.payoffs.holders
    return np.array([r for r in rows if holders[r] not in twins], dtype=np.int64)
