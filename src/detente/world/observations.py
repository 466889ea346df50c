"""What is worth knowing about a base year that can be used: nothing here refuses it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.world.base_year import BaseYear
from detente.world.checks import Verdict, WorldCheck, account_checks

_SHOWN = 8
#: How a note begins that says what is doubtful about a table that was read.
DOUBT = "Doubtful: "
#: A market that buys more than this share of a good at home hardly feels trade measures on it.
_CLOSED = 0.999
#: A transfer above this share of income decides results when trade collapses.
_LARGE_TRANSFER = 0.25
#: Above this a flow all but vanishes with a cost of a few per cent.
_STEEP = 20.0
#: A flow of which either side depends on the other for more than this is out of proportion: in the
#: OECD's tables the highest is 0.09 (2020, 11 sectors) and 0.42 (2022, 50 sectors).
_ONE_CUSTOMER = 0.5
#: A flow of one good above this share of the incomes of both countries is out of proportion. The
#: highest share is 0.03 in 2020 and 2022, 0.06 where all goods of 2020 are one, and 0.12 in
#: made-up worlds of three countries.
_MUCH_OF_INCOME = 0.15
#: Value added below this share of sales. In 2020 the lowest is 0.08 in 847 producers.
_THIN = 0.03
#: Producers that sell less than this share of what the world sells are not judged by shares.
_TINY = 1e-6


def verdicts(world: BaseYear) -> list[Verdict]:
    """Each check of a base year: the accounts, as a reader should mend them, then remarks.

    A `World` that exists has passed every check of level `error`; those of level `note` say what
    is worth knowing before it is used.

    Args:
        world: the base year.

    Returns:
        list: a `Verdict` for each check, with finding and remedy.
    """
    return [*account_checks(world), *observations(world)]


def check_world(world: BaseYear) -> WorldCheck:
    """Whether a base year adds up: every verdict with its remedy, as one result.

    Args:
        world: the base year.

    Returns:
        WorldCheck: the verdicts, with sentences and data.
    """
    return WorldCheck(world.name, world.digest, tuple(verdicts(world)))


def observations(world: BaseYear) -> list[Verdict]:
    """Remarks of level `note`, each with what a user may do about it."""
    return [
        _doubts(world),
        _lopsided_flows(world),
        _flows_beside_incomes(world),
        _thin_producers(world),
        _closed_countries(world),
        _empty_producers(world),
        _home_markets(world),
        _tariffs(world),
        _large_transfers(world),
        _steep_elasticities(world),
    ]


def _note(check: str, found: Sequence[str], finding: str, fine: str, remedy: str) -> Verdict:
    if not found:
        return Verdict(check, True, fine, level="note")
    shown = ", ".join(found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return Verdict(check, False, finding.format(f"{shown}{more}"), remedy, "note")


def _doubts(world: BaseYear) -> Verdict:
    found = [note.removeprefix(DOUBT) for note in world.notes if note.startswith(DOUBT)]
    return _note(
        "the table as it was read",
        found,
        "{}",
        "nothing doubtful was noted",
        "Compare with the published file before you rely on it.",
    )


def _lopsided_flows(world: BaseYear) -> Verdict:
    """Flows between two countries that are most of the seller's sales and of the buyer's needs."""
    sales_ji = world.sales_jn
    of_sales = np.divide(
        world.trade_jni,
        sales_ji[:, None, :],
        out=np.zeros_like(world.trade_jni),
        where=sales_ji[:, None, :] > 0,
    )
    share_jni = np.minimum(of_sales, world.share_jni)
    own = np.arange(len(world.countries))
    share_jni[:, own, own] = 0.0
    share_jni[world.trade_jni < _TINY * world.sales_jn.sum()] = 0.0
    places = np.argwhere(share_jni > _ONE_CUSTOMER)
    places = places[np.argsort(-world.trade_jni[tuple(places.T)], kind="stable")]
    found = [
        f"{world.goods[j]} of {world.countries[i]} to {world.countries[n]} "
        f"({world.trade_jni[j, n, i]:,.6g})"
        for j, n, i in places
    ]
    return _note(
        "flows out of proportion",
        found,
        f"{len(found)} flow(s) are more than {_ONE_CUSTOMER:.0%} both of what the origin sells and "
        "of what the market buys: {}.",
        "no country lives from and for one other",
        "Compare them with the published table: rows, columns or cells may have changed places.",
    )


def _flows_beside_incomes(world: BaseYear) -> Verdict:
    """Flows between two countries that are large beside what either of them earns."""
    more_ni = np.maximum(world.income_n[:, None], world.income_n[None, :])
    share_jni = np.divide(
        world.trade_jni,
        more_ni,
        out=np.zeros_like(world.trade_jni),
        where=np.broadcast_to(more_ni > 0, world.trade_jni.shape),
    )
    own = np.arange(len(world.countries))
    share_jni[:, own, own] = 0.0
    places = np.argwhere(share_jni > _MUCH_OF_INCOME)
    places = places[np.argsort(-world.trade_jni[tuple(places.T)], kind="stable")]
    found = [
        f"{world.goods[j]} of {world.countries[i]} to {world.countries[n]} "
        f"({world.trade_jni[j, n, i]:,.6g}; back {world.trade_jni[j, i, n]:,.6g})"
        for j, n, i in places
    ]
    return _note(
        "flows beside incomes",
        found,
        f"{len(found)} flow(s) are above {_MUCH_OF_INCOME:.0%} of the income of either side: {{}}.",
        f"no flow between two countries is above {_MUCH_OF_INCOME:.0%} of both incomes",
        "Compare them with the published table: cells may have changed places.",
    )


def _thin_producers(world: BaseYear) -> Verdict:
    sales_nj = world.sales_jn.T
    thin = (world.value_added_nj < _THIN * sales_nj) & (sales_nj > _TINY * sales_nj.sum())
    places = np.argwhere(thin)
    places = places[np.argsort(-sales_nj[tuple(places.T)], kind="stable")]
    found = [f"{world.goods[j]} in {world.countries[n]} ({sales_nj[n, j]:,.6g})" for n, j in places]
    return _note(
        "producers with next to no value added",
        found,
        f"{len(found)} pay less than {_THIN:.0%} of their sales to factors: {{}}.",
        f"every producer pays {_THIN:.0%} of its sales or more to factors",
        "Compare their inputs with the published table; prices there follow inputs alone.",
    )


def _closed_countries(world: BaseYear) -> Verdict:
    total_ni = world.trade_jni.sum(axis=0)
    own_n = np.diag(total_ni)
    alone = (total_ni.sum(axis=1) <= own_n) | (total_ni.sum(axis=0) <= own_n)
    found = [c for c, a in zip(world.countries, alone, strict=True) if a]
    return _note(
        "countries without trade",
        found,
        "no imports or no exports: {}.",
        "every country imports and exports",
        "Measures on their trade have no effect; merge them with a neighbour, or check the file.",
    )


def _empty_producers(world: BaseYear) -> Verdict:
    found = [
        f"{world.goods[j]} in {world.countries[n]}" for j, n in np.argwhere(world.sales_jn <= 0)
    ]
    return _note(
        "empty producers",
        found,
        f"{len(found)} sell nothing: {{}}.",
        "every country sells every good",
        "Nothing to do: they stay empty in every scenario.",
    )


def _home_markets(world: BaseYear) -> Verdict:
    own = np.diagonal(world.share_jni, axis1=1, axis2=2)
    found = [
        f"{world.goods[j]} in {world.countries[n]}"
        for j, n in np.argwhere((own > _CLOSED) & (world.spending_jn > 0))
    ]
    return _note(
        "home markets",
        found,
        f"{len(found)} market(s) buy more than {_CLOSED:.1%} at home: {{}}.",
        f"no market buys more than {_CLOSED:.1%} at home",
        "Measures on these flows have next to no effect; a finer world may show more.",
    )


def _tariffs(world: BaseYear) -> Verdict:
    none = not world.tariff_jni.any()
    return _note(
        "tariffs",
        ["all tariffs are zero"] if none else [],
        "{} in the base year.",
        "the base year has tariffs",
        "A new tariff counts from zero; give tariff_jni to start from the real ones.",
    )


def _large_transfers(world: BaseYear) -> Verdict:
    ratio_n = np.divide(
        world.transfer_n,
        world.income_n,
        out=np.zeros(len(world.countries)),
        where=world.income_n > 0,
    )
    order = np.argsort(-np.abs(ratio_n), kind="stable")
    found = [
        f"{world.countries[n]} {ratio_n[n]:+.0%}"
        for n in order
        if abs(ratio_n[n]) > _LARGE_TRANSFER
    ]
    return _note(
        "large transfers",
        found,
        f"transfer above {_LARGE_TRANSFER:.0%} of income: {{}}.",
        f"no transfer above {_LARGE_TRANSFER:.0%} of income",
        "For them compare results under transfers 'fixed' and 'proportional'.",
    )


def _steep_elasticities(world: BaseYear) -> Verdict:
    found = [
        f"{g} {t:g}"
        for g, t in zip(world.goods, world.trade_elasticity_j, strict=True)
        if t > _STEEP
    ]
    return _note(
        "steep elasticities",
        found,
        f"trade elasticity above {_STEEP:g}: {{}}.",
        f"no trade elasticity above {_STEEP:g}",
        "Try the lower end of its range as well.",
    )
