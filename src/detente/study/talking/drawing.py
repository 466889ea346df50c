"""Chances of the answers over draws of valuations, patience and the trade side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.study.talking.asking import Asker
from detente.study.talking.banding import Draws
from detente.study.talking.bargaining import Bargaining
from detente.study.talking.chancing import TRADE, AnswerChance
from detente.study.talking.checking import Observed
from detente.study.talking.deals import Deals
from detente.study.talking.lasting import lasting_chances
from detente.talks import chances
from detente.talks.uncertainty.ranges import drawn

Array = NDArray[np.float64]
#: Draws of valuations and patience; those of the trade side are taken in turn.
VALUED = 512
_ALONE = 32


def chances_of(
    setting: Bargaining,
    deals: Deals,
    seen: Sequence[Observed],
    value_an: Array,
    drawn_dan: Array | None,
    *,
    seed: int,
) -> tuple[tuple[AnswerChance, ...], tuple[tuple[float, float], ...], Draws]:
    """How likely answers are, and which parameter turns each.

    Args:
        setting: the case, with money drawn.
        deals: the packages.
        seen: the observed moves.
        value_an: money of the sets that these asked for, (A, N).
        drawn_dan: the same by draw; as at central values if None.
        seed: of the sequence.

    Returns:
        Of packages, the status quo and orders; by observed move, the share of the draws in which it
        is rational in either way, and alone; payoffs under each draw.
    """
    asker = Asker(setting, deals, seen, value_an, drawn_dan)
    count = 0 if asker.money is None else len(asker.money)
    found = chances(
        asker.answers,
        asker.worth.ranges,
        draws=VALUED,
        seed=seed,
        supplied=TRADE if count else "",
        supplied_draws=count,
        alone=_ALONE,
    )
    questions = asker.questions
    said = []
    for a, (question, of, label) in enumerate(questions):
        turned = found.turned_by(a)
        said.append(
            AnswerChance(
                question,  # type: ignore[arg-type]
                of,
                label,
                bool(found.central_a[a]),
                float(found.chance_a[a]),
                turned[0] if turned else "",
                turned[1] if turned else 0.0,
                VALUED,
                _ALONE,
                found.turned_too(a),
            )
        )
    at = len(questions)
    events = tuple(
        (float(found.chance_a[at + 2 * k]), float(found.chance_a[at + 2 * k + 1]))
        for k in range(len(seen))
    )
    values_dp = drawn(asker.worth.ranges, VALUED, seed)
    draws = Draws.of(setting, asker.worth, values_dp, asker.money)
    # Answers on states that last stand together.
    last = max((k for k, c in enumerate(said) if c.question == "stable"), default=-1) + 1
    said[last:last] = lasting_chances(draws, asker.stable)
    return tuple(said), events, draws
