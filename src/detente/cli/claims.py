"""`detente claims`: statements of others, held against the numbers of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.cli.draws import PrecomputedDraws, Seed, counted
from detente.cli.options import (
    CaseName,
    Details,
    Horizon,
    Json,
    Transfers,
    left_out,
    print_document,
    say,
    table,
)

if TYPE_CHECKING:
    from detente.analysis.claims import Finding


def claims(
    case: CaseName = "belarus",
    draws: PrecomputedDraws = None,
    seed: Seed = 0,
    horizon: Horizon = None,
    transfers: Transfers = None,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Check the claims of a case: supported, contradicted, undecided, or not testable and why."""
    from detente.analysis import verdicts
    from detente.analysis.claim_words import figure
    from detente.analysis.departure import departure_of
    from detente.world.names import lower_first

    with counted(draws or 0) as progress:
        found = verdicts(
            case,
            draws,
            seed=seed,
            horizon=horizon,
            transfers=transfers,
            progress=progress,
        )
    state = departure_of(found.case, None, horizon, transfers)
    if print_document(found, state, as_json=as_json):
        return
    if not found.verdicts:
        say([f"{found.case.title}: {lower_first(found.sentence)}"])
        return
    if not details:
        tested = [v for v in found.verdicts if v.findings]
        table(
            f"Claims of {found.case.title}, {found.horizon} run",
            ["", "verdict", "who said what"],
            [[v.claim.id, v.ruling, f"{v.claim.speaker}: {v.claim.paraphrase}"] for v in tested],
        )
        say([found.sentence])
        left_out(details, "the numbers", "the claims that no number here can test")
        return
    table(
        f"Claims of {found.case.title}, {found.horizon} run",
        ["", "verdict", "number", "unit", "model", "5 to 95 %", "asked", "test"],
        [
            [
                v.claim.id if k == 0 else "",
                v.ruling if k == 0 else "",
                f.test.quantity.replace("_", " "),
                f.unit,
                figure(f.test, f.value),
                _ends(f),
                _asked(f),
                f.ruling,
            ]
            for v in found.verdicts
            for k, f in enumerate(v.findings)
        ],
        without_bands=not found.draws,
        details=True,
    )
    say(f"{v.claim.id}: {v.sentence}" for v in found.verdicts)
    say([found.sentence])


def _ends(f: Finding) -> str:
    from detente.analysis.claim_words import figure

    if f.low is None or f.high is None:
        return ""
    return f"{figure(f.test, f.low)} to {figure(f.test, f.high)}"


def _asked(f: Finding) -> str:
    from detente.analysis.claim_words import figure

    low = "" if f.test.at_least is None else f"≥ {figure(f.test, f.test.at_least)}"
    high = "" if f.test.at_most is None else f"≤ {figure(f.test, f.test.at_most)}"
    return ", ".join(part for part in (low, high) if part)
