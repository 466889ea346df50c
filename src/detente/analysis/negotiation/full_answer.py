"""Every question of a negotiation, put to one case: payoffs from the trade model, then answers.

`negotiate` returns the `NegotiationAnswer`. The module has another name than the function, because
a module of that name would take the place of the function in the package once it is imported.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.negotiation.answer import NegotiationAnswer
from detente.analysis.negotiation.channels import channels_of
from detente.analysis.negotiation.conflict import (
    Bargaining,
    NoNegotiation,
    bargaining,
    bargaining_notes,
)
from detente.analysis.negotiation.deal_bands import deal_bands
from detente.analysis.negotiation.deals import FEW_BANDS, Deals, deals_of
from detente.analysis.negotiation.draws import NegotiationDraws
from detente.analysis.negotiation.observed_moves import checked, observed_of
from detente.analysis.negotiation.published_conflict import listed_answer
from detente.analysis.negotiation.reasons import moves_money, whys_of
from detente.analysis.negotiation.sentences import headlines_of
from detente.analysis.negotiation.stakes import refusal_words
from detente.analysis.negotiation.steps import orders_of, without_patience
from detente.analysis.negotiation.trade_settings import (
    DatedMeasures,
    dated_values,
    drawn_money,
    money_of,
)
from detente.analysis.negotiation.votes import votes_of
from detente.analysis.scenarios import Scenarios
from detente.cases import load_case
from detente.negotiation import joint_improvements, path_to_stability, remedies, stable_states
from detente.negotiation.words import listed, quoted

if TYPE_CHECKING:
    from detente._types import Array
    from detente.analysis.negotiation.channels import ChannelAnswer
    from detente.analysis.negotiation.observed_moves import Observed
    from detente.analysis.negotiation.votes import MeasureVotes
    from detente.cases import Case, NegotiationTerms
    from detente.cases.renewals import Renewal


_MOST_REMEDIES = 4


def negotiate(
    case: Case | str | Scenarios,
    date: dt.date | str | None = None,
    horizon: str | None = None,
    *,
    draws: int = 0,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
    drawn: NegotiationDraws | None = None,
) -> NegotiationAnswer:
    """Why each party moves or holds, who can block, which deals are accepted, in which order.

    Payoffs are u_i(s) = E_i(s) + Σ_k v_ik φ_k(s): E_i is the equivalent variation of the trade
    model, solved once for each setting of the trade measures among the moves.

    Args:
        case: a case, the name of a packaged one, a path, or scenarios of a case that were solved.
        date: the day of the status quo; that of the case's negotiation if None.
        horizon: `short`, `medium` or `long`; the case's own if None.
        draws: of the trade side, for bands and chances; 0 for none. Valuations, patience and
            reservations are drawn more often.
        seed: of the draws.
        progress: called with the number of draws done.
        drawn: what draws of exactly this question gave before, instead of drawing.

    Returns:
        NegotiationAnswer: every question of the negotiation answered, with headlines of which those
        that rest on no valuation come first; money in USD million a year.

    Raises:
        CaseError: faults of the case file, all at once; `NoNegotiation` if it has no negotiation.
        NegotiationError: a negotiation that cannot be analysed, such as too many moves.
        ShockError: a setting that leaves a country without a supplier.
        NotConverged: a setting that the solver could not solve.

    Example:
        >>> from detente.analysis.negotiation import negotiate
        >>> negotiate("elmira").stability.equilibria("Nash").tolist()
        [4, 7, 8]
    """
    given = case if isinstance(case, Scenarios) else None
    chosen = given.case if given is not None else load_case(case)  # type: ignore[arg-type]
    if chosen.negotiation is None and chosen.conflict is not None:
        return NegotiationAnswer.of(listed_answer(chosen, chosen.conflict))
    setting, scenarios = setting_of(case, date, horizon)
    deals = deals_of(setting)
    seen, asked = observed_of(setting)
    value_an = np.zeros((len(asked), 0))
    if scenarios is not None:
        value_an = dated_values(scenarios, asked)
    votes = votes_of(setting)
    channels = channels_of(setting) if setting.terms.links else None
    if draws and drawn is None:
        drawn = _draw(
            setting, scenarios, deals, seen, asked, value_an, votes, channels,
            draws=draws, seed=seed, progress=progress,
        )  # fmt: skip
    setting = with_draws(setting, drawn)
    deals = _with_bands(setting, deals)
    missing = without_patience(setting, deals)
    unanswered = {}
    if missing:
        unanswered["steps"] = (
            f"{', '.join(missing)} has no patience in the case, so that no order of steps can be "
            "weighed."
        )
    if channels is None:
        unanswered["channels"] = "no channel is open on the day."
    answer = NegotiationAnswer(
        case=setting.case,
        date=setting.terms.day,
        horizon="" if scenarios is None else scenarios.horizon,
        conflict=setting.conflict,
        money=setting.money,
        moves=moves_money(setting),
        whys=whys_of(setting),
        stability=stable_states(setting.alone),
        renewed=None if setting.renewed is None else stable_states(setting.renewed),
        path=path_to_stability(setting.alone),
        joint=joint_improvements(setting.alone),
        remedies=tuple(
            remedies(setting.alone, s)
            for s in dict.fromkeys(
                [setting.status_quo, *(p.code for p in deals.proposals if p.source)]
            )
            if setting.alone.space.feasible_s[s]
        )[:_MOST_REMEDIES],
        deals=deals,
        orders=() if missing else orders_of(setting, deals),
        votes=votes,
        channels=channels,
        events=tuple(
            checked(
                setting,
                one,
                value_an,
                None if drawn is None else drawn.events[k],
                None if drawn is None else drawn.events_dan,
            )
            for k, one in enumerate(seen)
        ),
        drawn=drawn,
        notes=_notes(setting),
        unanswered=unanswered,
    )
    return replace(answer, headlines=headlines_of(answer))


def setting_of(
    case: Case | str | Scenarios, date: dt.date | str | None = None, horizon: str | None = None
) -> tuple[Bargaining, Scenarios | None]:
    """What every question of a negotiation is asked of: moves, parties and payoffs from trade.

    Args:
        case: as in `negotiate`.
        date: as in `negotiate`.
        horizon: as in `negotiate`.

    Returns:
        tuple: the conflict with its payoffs, and the equilibria that these come from, None without
        trade.

    Raises:
        NoNegotiation: the case has no negotiation, or only a published conflict without payoffs.
    """
    given = case if isinstance(case, Scenarios) else None
    chosen = given.case if given is not None else load_case(case)  # type: ignore[arg-type]
    if chosen.negotiation is None:
        what = "negotiation" if chosen.conflict is None else "payoffs of a negotiation"
        remedy = "Write `negotiation` or `conflict`." if chosen.conflict is None else ""
        raise NoNegotiation(chosen.name, f"the case has no {what}.", remedy)
    day = dt.date.fromisoformat(date) if isinstance(date, str) else date
    if day is None and given is not None and given.date != chosen.date:
        day = given.date
    terms = chosen.negotiation_terms(day)
    scenarios = _scenarios(chosen, terms, horizon, given)
    return _setting(chosen, terms, scenarios), scenarios


def _scenarios(
    case: Case, terms: NegotiationTerms, horizon: str | None, given: Scenarios | None
) -> Scenarios | None:
    if not case.has_trade:
        return None
    if given is not None:
        there = given.at(horizon) if horizon else given
        return there.on(terms.day)
    return Scenarios(case, date=terms.day, horizon=horizon)


def _setting(case: Case, terms: NegotiationTerms, scenarios: Scenarios | None) -> Bargaining:
    if scenarios is None:
        return bargaining(case, terms, None, {})
    world = scenarios.world
    size = dict(zip(world.countries, world.income_n.tolist(), strict=True))
    in_trade = any(m.in_trade for m in terms.moves)
    money = money_of(scenarios, terms) if in_trade else None
    return bargaining(case, terms, money, size)


def _draw(
    setting: Bargaining,
    scenarios: Scenarios | None,
    deals: Deals,
    seen: Sequence[Observed],
    asked: tuple[DatedMeasures, ...],
    value_an: Array,
    votes: Sequence[MeasureVotes],
    channels: ChannelAnswer | None,
    *,
    draws: int,
    seed: int,
    progress: Callable[[int], None] | None,
) -> NegotiationDraws:
    """Draws of the trade side, then of all else, with everything that is counted over them."""
    from detente.analysis.negotiation.bands import bands_of
    from detente.analysis.negotiation.draws import chances_of

    money_dqn: Array | None = None
    events_dan: Array | None = None
    failed = 0
    if setting.money is not None and scenarios is not None:
        setting_s = setting.conflict.payoffs.setting_s
        exactly = sorted({int(setting_s[p.code]) for p in deals.proposals})
        money_dqn, events_dan, failed = drawn_money(
            scenarios, setting.terms, setting.money, asked, exactly,
            draws=draws, seed=seed, progress=progress,
        )  # fmt: skip
        setting = replace(setting, money=replace(setting.money, drawn_dqn=money_dqn))
    chances, events, under = chances_of(setting, deals, seen, value_an, events_dan, seed=seed)
    bands = bands_of(under, deals, votes, channels)
    return NegotiationDraws(draws, seed, failed, money_dqn, events_dan, chances, events, bands)


def _with_bands(setting: Bargaining, deals: Deals) -> Deals:
    """The packages that all would sign with bands of what each brings, if they are few."""
    codes = deals.everybody.codes_k
    if not 0 < len(codes) <= FEW_BANDS:
        return deals
    ids = {label: party for party, label in setting.labels.items()}
    parties = [ids[label] for label in deals.everybody.parties]
    found = deal_bands(setting, codes.tolist(), parties, apart=True)
    return deals if found is None else replace(deals, bands_kp=found.gain)


def with_draws(setting: Bargaining, drawn: NegotiationDraws | None) -> Bargaining:
    """The setting with money drawn."""
    if drawn is None or setting.money is None or drawn.money_dqn is None:
        return setting
    money = replace(setting.money, drawn_dqn=drawn.money_dqn, failed=drawn.failed, seed=drawn.seed)
    return replace(setting, money=money)


def _renewal_notes(setting: Bargaining) -> Iterator[str]:
    """What one decision renews here, by which act, and what carries it out."""
    for renewal in setting.case.renewals:
        moves = setting.bundles.get(renewal.id, ())
        if not moves:
            continue
        names = listed([quoted(setting.case.measure(m).label) for m in moves])
        text = f"{quoted(renewal.label)}: one decision{_act(setting, renewal)} renews {names} "
        text += "together, or all lapse."
        if renewal.regulation is not None:
            basis = renewal.regulation.basis
            under = f", under {basis}," if basis else ""
            text += (
                f" {renewal.regulation.title}{under} carries it out and has no expiry of its own; "
                "the model takes both to end together."
            )
        yield text


def _act(setting: Bargaining, renewal: Renewal) -> str:
    """Act and rule by which something is renewed: ' (Decision X, by unanimity under Art. 31)'."""
    conflict = setting.conflict
    measure = next(m for m in conflict.space.measures if m.renewed_with == renewal.id)
    rule = measure.renew or conflict.parties[conflict.index(renewal.owner)].rule
    how = f"by {rule.name}" if rule is not None else ""
    if renewal.decision is None:
        return f" ({how})" if how else ""
    under = f"under {renewal.decision.basis}" if renewal.decision.basis else ""
    words = " ".join(part for part in (how, under) if part)
    return f" ({', '.join(part for part in (renewal.decision.title, words) if part)})"


def _notes(setting: Bargaining) -> tuple[str, ...]:
    sentences = [*setting.notes, *bargaining_notes(setting)]
    where = refusal_words(setting.conflict)
    if where:
        sentences.append(
            f"What lapses unless renewed ends in the model {where}; what a refusal costs those who "
            "refuse is not in the case."
        )
    sentences += _renewal_notes(setting)
    money = setting.money
    if money is not None and money.approximation is not None:
        sentences.append(str(money.approximation))
    sentences += [
        f"{', '.join(twins)} votes inside {setting.labels[name]} and signs for itself: in points "
        "and channels its gain counts once, as its own; a named package's gain of the bloc is with "
        "it."
        for name in setting.terms.signatories
        if name in setting.conflict.names and (twins := setting.twins(name))
    ]
    return tuple(sentences)
