"""`detente channels`: who can sign with whom, what channels are worth, how signals travel."""

from __future__ import annotations

from detente.cli.negotiation import Draws, Seed, answered, banded, data_of, notes, rows_of, say
from detente.cli.options import CaseName, Date, Horizon, Json, money, print_json, table


def channels(
    case: CaseName = "belarus",
    date: Date = None,
    horizon: Horizon = None,
    draws: Draws = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Who can sign with whom, what each channel is worth, and how a signal fares on its way.

    The worth of a channel rests on the valuations of the case and on side payments.
    """
    answer = answered(case, "channels", date, horizon, draws, seed, as_json=as_json)
    found = answer.channels
    assert found is not None
    bands = None if answer.bands is None else answer.bands.channels
    if as_json:
        print_json(
            data_of(answer)
            | {
                "links": rows_of(found.channels.table()),
                "signing": [
                    {"signatories": s.signatories, "possible": s.possible, "direct": s.direct}
                    for s in found.signing
                ],
                "values": rows_of(found.values.table()),
                "worth": [
                    {"channel": str(w.link), "exists": w.exists, "total": w.total,
                     "gain": dict(zip(found.channels.parties, w.gain, strict=True))}
                    | ({} if bands is None else {
                        "total_band": bands.total[k],
                        "matters_in": bands.matters[k],
                        "gain_band": dict(zip(found.channels.parties, bands.gain[k], strict=True)),
                    })
                    for k, w in enumerate(found.worth)
                ],
                "value_bands": None if bands is None else dict(
                    zip(found.channels.parties, bands.values, strict=True)
                ),
                "signals": [
                    {"line": s.line, "fidelity": s.fidelity} for s in found.signals
                ],
            }
        )  # fmt: skip
        return
    say(answer, [str(found.channels), *(str(s) for s in found.signing)])
    table(
        "What each channel is worth, USD million a year (Myerson 1977, side payments allowed)",
        ["", "in all", *found.channels.parties, *([] if bands is None else ["worth more than 0"])],
        [
            [f"{w.link}{'' if w.exists else ' (to be opened)'}",
             banded(w.total, None if bands is None else bands.total[k]),
             *(banded(g, None if bands is None else bands.gain[k][p])
               for p, g in enumerate(w.gain)),
             *([] if bands is None else [f"{100 * bands.matters[k]:.0f} % of draws"])]
            for k, w in enumerate(found.worth)
        ],
    )  # fmt: skip
    say(answer, [str(found.values)])
    if answer.bands is not None and bands is not None:
        parts = zip(found.channels.parties, bands.values, strict=True)
        each = ", ".join(f"{p} {money(low)} to {money(high)}" for p, (low, high) in parts)
        say(answer, [f"Over {answer.bands.draws:,} draws, 5 to 95 %: {each}."])
    say(answer, [str(s) for s in found.signals])
    notes(answer)
