"""The findings of an answer in sentences: who gains, who pays, what lifting brings, with bands.

`findings_of` lists them in the order in which a brief shows them; each sentence has a function of
its own, which reports put above the table of the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis import labels as w
from detente.analysis.figures.commodities import Pair, pairs_of
from detente.analysis.figures.effects import (
    GAINING,
    ONLY_TOGETHER,
    PAYING,
    REGIME,
    WORLD,
)
from detente.analysis.figures.named_sides import NamedSides, named_sides_of
from detente.analysis.figures.routes import (
    MODEL,
    export_routes_of,
    published_income,
    published_state,
)
from detente.analysis.figures.trade import runs_of
from detente.analysis.labels import day, in_sentence, name_of
from detente.analysis.measure_effects import NOISE, negligible
from detente.analysis.options import NEGLIGIBLE, Option, lifting_options, only_together_n
from detente.analysis.places import Place, collapse, parties_of
from detente.analysis.sensitivities.instruments import rank, ratio_of, verdict_of

if TYPE_CHECKING:
    from detente.analysis.answer_data import AnswerData
    from detente.analysis.assessment import AssessmentData
    from detente.analysis.figures.frame import Band, Figures, Key
    from detente.analysis.figures.selection import Selection


def findings_of(answer: AnswerData, selection: Selection, figures: Figures) -> tuple[str, ...]:
    """The main results of trade, without what is said of claims, the back-test and bands."""
    a, pairs, runs = answer.assessment, pairs_of(answer.assessment), runs_of(answer)
    options = lifting_options(a)
    sentences = [
        gains_words(a, figures),
        *options_words(a, options, selection.places, figures),
        boomerang_words(a, figures),
        *(dependence_words(p, selection.markets[p.good], figures) for p in pairs),
    ]
    sentences += a.case.not_computed
    if export_routes_of(a):
        sentences.append(transit_words(a, figures))
    if runs:
        sentences.append(horizons_words(a, runs, figures))
    if selection.sides is not None:
        sentences.append(held_words(named_sides_of(a, selection.sides), figures))
    return tuple(sentences)


def gains_words(a: AssessmentData, figures: Figures) -> str:
    """Who pays and who gains under the regime, and what it comes to for the world."""
    value = a.regime.equivalent_variation_n
    order = np.argsort(value, kind="stable")
    worst, best = int(order[0]), int(order[-1])
    codes = a.world.countries

    def band(n: int) -> Band | None:
        return figures.band("gains", codes[n], "equivalent_variation")

    def income(n: int) -> str:
        share = 100 * float(a.regime.real_income_change_n[n])
        return w.sized(share, figures.band("gains", codes[n], "real_income"), unit=" %")

    if max(-value[worst], value[best]) < NEGLIGIBLE:
        return f"The regime of {day(a.date)} moves no country by USD 0.1 million a year."
    gainers, payers = value > NEGLIGIBLE, value < -NEGLIGIBLE
    parts = []
    if payers.any():
        verb = "pays" if payers.sum() == 1 else "together pay"
        parts += [
            f"{w.count(int(payers.sum()), 'economy', 'economies')} {verb} "
            f"{w.money(float(value[payers].sum()), total_band(figures, PAYING))} a year.",
            f"{w.sentence(in_sentence(codes[worst]))} pays most of all: "
            f"{w.money(float(value[worst]), band(worst))}, "
            f"{income(worst)} of its real income.",
        ]
    if gainers.any():
        verb = "gains" if gainers.sum() == 1 else "gain"
        who = w.count(int(gainers.sum()), "economy", "economies")
        parts.append(
            f"{w.sentence(who) if parts else who} {verb} "
            f"{w.money(float(value[gainers].sum()), total_band(figures, GAINING))} a year, most of "
            f"all {in_sentence(codes[best])} with {w.money(float(value[best]), band(best))}."
        )
    whole = float(value.sum())
    return (
        f"Under the regime of {day(a.date)}, {' '.join(parts)} "
        f"The world as a whole {'loses' if whole < 0 else 'gains'} "
        f"{w.money(whole, total_band(figures, WORLD))} a year."
    )


def total_band(figures: Figures, who: str) -> Band | None:
    """The band of what those who pay, those who gain or all economies come to."""
    return figures.band("totals", who, "equivalent_variation")


def options_words(
    a: AssessmentData, options: Sequence[Option], places: Sequence[Place], figures: Figures
) -> list[str]:
    """The steps that move most, measures that move something only together, idle ones, and all."""
    single = [o for o in options if o.kind != "all"]
    reach = {o.id: float(np.abs(o.gain_n).sum()) for o in single}
    moving = sorted((o for o in single if reach[o.id] > NEGLIGIBLE), key=lambda o: -reach[o.id])
    sentences = [option_words(o, places, figures) for o in moving[:3]]
    sentences += joint_words(a) + idle_words(a)
    return sentences + everything_words(options, places, figures)


def everything_words(
    options: Sequence[Option], places: Sequence[Place], figures: Figures
) -> list[str]:
    """What lifting everything in force brings, and what of it comes only then."""
    joint = only_together_n(options)
    whole = next((o for o in options if o.kind == "all"), None)
    if whole is None or joint is None:
        return []
    best = max(places, key=lambda p: p.total(whole.gain_n))
    gain, together = best.total(whole.gain_n), best.total(joint)
    text = option_words(whole, places, figures)
    if together < 0.25 * gain or together < NEGLIGIBLE:
        return [text]
    owner = w.possessive(best.prose)
    band = figures.band("options", best.key, ONLY_TOGETHER)
    return [
        f"{text} Of {owner} gain, {w.money(together, band)} comes only if the measures are lifted "
        "together."
    ]


def option_words(option: Option, places: Sequence[Place], figures: Figures) -> str:
    """'Lifting ‘X’ alone would bring Belarus USD 31 million a year. Brazil would gain …'."""
    inside = [p for p in places if any(set(p.members) < set(q.members) for q in places)]
    totals = [(p.total(option.gain_n), p) for p in places if p not in inside]
    floor = max(0.5, 0.05 * max((abs(v) for v, _ in totals), default=0.0))
    gains = sorted([t for t in totals if t[0] >= floor], key=lambda t: -t[0])[:3]
    losses = sorted([t for t in totals if t[0] <= -floor], key=lambda t: t[0])[:2]
    if not gains and not losses:
        return f"{option.prose} would move no one here by as much as {w.money(floor)} a year."
    first, others, lost = (
        [f"{p.prose} {w.money(v, figures.band('options', p.key, option.id))}" for v, p in some]
        for some in (gains[:1], gains[1:], losses)
    )
    if not gains:
        return f"{option.prose} would cost {w.listing(lost)} a year."
    text = f"{option.prose} would bring {first[0]} a year."
    if others:
        text += f" It would also bring {w.listing(others)}."
    return f"{text} It would cost {w.listing(lost)}." if losses else text


def joint_words(a: AssessmentData) -> list[str]:
    """Which measures in force hold each other in place, so that lifting one alone moves nothing."""
    return [
        f"{w.sentence(w.listing(w.quoted(m.label) for m in joint.measures))} hold the same thing "
        "closed: lifting one of them alone moves nothing while another stands."
        for joint in a.joint
    ]


def idle_words(a: AssessmentData) -> list[str]:
    """Which measures in force change flows and move next to nothing, alone or with one another."""
    held = {m.id for joint in a.joint for m in joint.measures}
    return [
        f"Lifting {w.quoted(e.measure.label)} moves next to nothing: no country gains or loses as "
        f"much as USD {1e3 * NOISE:.0f} thousand a year."
        for e in a.effects
        if e.in_force and e.has_effect and negligible(e.margin_n) and e.measure.id not in held
    ]


def boomerang_words(a: AssessmentData, figures: Figures) -> str:
    """The measure in force that falls back hardest on its author."""
    known = [e for e in a.effects if e.has_effect and e.in_force and e.boomerang_margin is not None]
    if not known:
        return "No measure in force costs its target anything, so there is no boomerang to report."
    e = max(known, key=lambda e: e.boomerang_margin or 0.0)
    ratio = e.boomerang_margin or 0.0
    authors = w.listing(p.prose for p in collapse(a, e.authors))
    targets = w.listing(p.prose for p in collapse(a, e.targets))
    verb = "loses" if ratio >= 0 else "gains"
    text = (
        f"For each dollar that {w.quoted(e.measure.label)} costs {targets}, {authors} {verb} "
        f"{_with_band(figures, e.measure.id, ratio)} dollars, "
        "given the other measures"
    )
    return f"{text}. No other measure in force falls back harder on its author."


def _with_band(figures: Figures, measure: str, ratio: float) -> str:
    band = figures.band("boomerang", measure, "ratio")
    ends = None if band is None else sorted(end if ratio >= 0 else -end for end in band)
    return w.beside(abs(ratio), ends, w.rounded if ends else lambda v: w.number(v, 2))


def dependence_words(pair: Pair, markets: Sequence[Place], figures: Figures) -> str:
    """The market that depends most on one supplier from abroad."""
    frame = figures[f"{pair.good}-dependence"]
    buyers = [row for row in dependence_order(figures, pair.good) if row[2] != row[0]]
    if not buyers:
        return "Every main market is its own largest supplier."
    top = buyers[0]
    place = next(p.prose for p in markets if p.key == top[0])
    band = frame.band(top, "share_under")
    text = (
        f"Of the markets that buy abroad, {place} depends most on one supplier: "
        f"{name_of(top[2])} provides {w.beside(frame.value(top, 'share_under'), band, w.number)} % "
        "of what it buys under the regime"
    )
    before = w.number(frame.value(top, "share_before"))
    if top[1] == top[2]:
        return f"{text}, against {before} % before."
    return f"{text}. Before, {name_of(top[1])} provided most: {before} %."


def dependence_order(figures: Figures, good: str) -> list[Key]:
    """The markets of a commodity, those of the most concentrated supply first."""
    frame = figures[f"{good}-dependence"]
    return sorted(frame.rows, key=lambda row: -frame.value(row, "herfindahl_under"))


def transit_words(a: AssessmentData, figures: Figures) -> str:
    """'Lithuania's net income from transit falls from USD 43 million to nothing a year. …'."""
    before, under = a.base.transit_revenue_n, a.regime.transit_revenue_n
    change = under - before
    order = sorted(range(len(change)), key=lambda n: -abs(float(change[n])))
    moved = [n for n in order if abs(float(change[n])) >= NEGLIGIBLE][:3]
    if not moved:
        return "The regime moves no country's net income from transit noticeably."
    moved.sort(key=lambda n: float(change[n]))
    parts = []
    for k, n in enumerate(moved):
        owner = w.possessive(in_sentence(a.world.countries[n]))
        what, span = ("net income from transit ", " a year") if k == 0 else ("", "")
        verb = "falls" if change[n] < 0 else "rises"
        first, second = (
            figures.band("transit", (a.world.countries[n], MODEL), key)
            for key in ("before", "under")
        )
        parts.append(
            f"{w.sentence(owner)} {what}{verb} from {_money(before[n], first)} to "
            f"{_money(under[n], second)}{span}."
        )
    text = " ".join(parts)
    gross = [
        (low, high)
        for n in moved[:1]
        for figure in published_income(a).get(a.world.countries[n], [])
        if published_state(a, figure) == "before"
        for low, high in [a.case.published_range(figure.id)]
    ]
    if not gross:
        return text
    low, high = min(f[0] for f in gross), max(f[1] for f in gross)
    owner = w.possessive(in_sentence(a.world.countries[moved[0]]))
    span = f"{w.money(low)} to {w.money(high)}" if high > low else w.money(low)
    return (
        f"{text} Published figures put {owner} gross revenue before the measures, which is not "
        f"net income, at {span} a year."
    )


def _money(value: float, band: Band | None) -> str:
    return "nothing" if value < 0.05 else w.money(float(value), band)


def horizons_words(a: AssessmentData, runs: Mapping[str, AssessmentData], figures: Figures) -> str:
    """'In the short run the regime costs Belarus USD 1.4 billion a year. In the medium run …'."""
    parties = parties_of(a)
    if not parties:
        return "The case names no party that the world lists."
    place = max(parties, key=lambda p: abs(p.total(a.regime.equivalent_variation_n)))
    totals = {h: place.total(r.regime.equivalent_variation_n) for h, r in runs.items()}
    if max(abs(v) for v in totals.values()) < NEGLIGIBLE:
        return "The regime moves no party noticeably over any of these horizons."
    first, *others = (
        (
            h,
            "costs" if v < 0 else "brings",
            w.money(v, figures.band("horizons", (REGIME, place.key), h)),
        )
        for h, v in totals.items()
    )
    text = f"In the {first[0]} run the regime {first[1]} {place.prose} {first[2]} a year."
    if not others:
        return text
    later = w.listing(f"in the {h} run it {verb} {money}" for h, verb, money in others)
    return f"{text} {w.sentence(later)}."


def held_words(named_sides: NamedSides, figures: Figures) -> str:
    """Which measure in force is the cheapest to hold, and which the most valuable to lift."""
    frame = figures["design-measures"]
    moving = [
        key
        for key in held_order(figures)
        if max(abs(frame.value(key, "harm")), abs(frame.value(key, "cost"))) > NEGLIGIBLE
    ]
    them = named_sides.target.prose
    if not moving:
        return f"No measure in force moves anything for {them} or for those who hold it."
    first, last = moving[0], moving[-1]
    text = (
        f"Of the measures in force against {them}, {w.quoted(frame.label(first))} is the cheapest "
        f"to hold. {w.sentence(_per_dollar(named_sides, first, figures))}."
    )
    if len(moving) == 1:
        return text
    return (
        f"{text} The most valuable to lift is {w.quoted(frame.label(last))}, where "
        f"{_per_dollar(named_sides, last, figures)}."
    )


def held_order(figures: Figures) -> list[Key]:
    """The measures in force against the target, from the cheapest to hold to the dearest."""
    frame = figures["design-measures"]

    def place(key: Key) -> tuple[int, float]:
        harm, cost = frame.value(key, "harm"), frame.value(key, "cost")
        return rank(verdict_of(harm, cost, noise=NOISE), harm, cost, ratio_of(harm, cost))

    return sorted(frame.rows, key=place)


def _per_dollar(named_sides: NamedSides, key: Key, figures: Figures) -> str:
    frame = figures["design-measures"]
    harm, cost = frame.value(key, "harm"), frame.value(key, "cost")
    sender, them = named_sides.senders[key[0]].prose, named_sides.target.prose
    verdict = verdict_of(harm, cost, noise=NOISE)
    if verdict == "costs both":
        ratio = w.beside(harm / cost, frame.band(key, "ratio"), w.rounded)
        return f"{them} loses {ratio} dollars for each dollar that {sender} loses"
    if verdict == "pays the sender":
        return f"{them} loses {w.money(harm)} a year and {sender} nothing"
    if verdict == "helps the target":
        return f"{sender} loses {w.money(cost)} a year and {them} nothing"
    return "both gain"
