"""The table of lifting options side by side, and its sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.analysis import labels as w
from detente.analysis.options import NEGLIGIBLE, Option
from detente.analysis.places import Array, Place
from detente.report.table import Cell, Column, Table, welfare
from detente.report.views.measures import MONEY, idle_sentences, joint_sentences

if TYPE_CHECKING:
    from detente.analysis.assessment import Assessment
    from detente.report.table import Page


ONLY_TOGETHER = "only-together"


def options_table(a: Assessment, options: list[Option], places: list[Place], page: Page) -> Table:
    """What each way of lifting would bring whom: a column per option, a row per country."""
    joint = _only_together_n(options)
    gains = [o.gain_n for o in options] + ([] if joint is None else [joint])
    rows: list[tuple[Cell, ...]] = [(p.name, *(p.total(gain) for gain in gains)) for p in places]
    rows.append(("World", *(float(gain.sum()) for gain in gains)))
    values = [v for row in rows for v in row[1:]]
    columns = [welfare(o.id, o.label, MONEY, values) for o in options]
    if joint is not None:
        label = "Of that, only together"
        columns.append(welfare(ONLY_TOGETHER, label, MONEY, values))
    return Table(
        "options",
        "Lifting options side by side",
        page.say(
            lambda: (
                " ".join(
                    [
                        *options_sentences(a, options, places, page)[:1],
                        *_everything(options, places, page),
                    ]
                )
                or "No measure in force has an effect, so there is nothing to lift."
            )
        ),
        (Column("country", "Country"), *columns),
        tuple(rows),
        note="Equivalent variation against the regime as it stands. Each option leaves the other "
        "measures in place; ‘lift everything’ lifts all of them, and ‘only together’ is what it "
        "does beyond the sum of the single steps. A union includes its members.",
    )


def _only_together_n(options: list[Option]) -> Array | None:
    single = [o.gain_n for o in options if o.kind == "single"]
    whole = [o.gain_n for o in options if o.kind == "all"]
    return whole[0] - np.sum(single, axis=0) if whole else None


def options_sentences(
    a: Assessment, options: list[Option], places: list[Place], page: Page
) -> list[str]:
    """The steps that move most, measures that move something only together, idle ones, and all."""
    single = [o for o in options if o.kind != "all"]
    reach = {o.id: float(np.abs(o.gain_n).sum()) for o in single}
    moving = sorted((o for o in single if reach[o.id] > NEGLIGIBLE), key=lambda o: -reach[o.id])
    sentences = [option_sentence(o, places, page) for o in moving[:3]]
    sentences += joint_sentences(a) + idle_sentences(a)
    return sentences + _everything(options, places, page)


def _everything(options: list[Option], places: list[Place], page: Page) -> list[str]:
    joint = _only_together_n(options)
    whole = next((o for o in options if o.kind == "all"), None)
    if whole is None or joint is None:
        return []
    best = max(places, key=lambda p: p.total(whole.gain_n))
    gain, together = best.total(whole.gain_n), best.total(joint)
    text = option_sentence(whole, places, page)
    if together < 0.25 * gain or together < NEGLIGIBLE:
        return [text]
    owner = w.possessive(best.prose)
    band = page.band("options", best.name, ONLY_TOGETHER)
    return [
        f"{text} Of {owner} gain, {w.money(together, band)} comes only if the measures are lifted "
        "together."
    ]


def option_sentence(option: Option, places: list[Place], page: Page) -> str:
    """'Lifting ‘X’ alone would bring Belarus USD 31 million a year and cost Canada …'."""
    inside = [p for p in places if any(set(p.members) < set(q.members) for q in places)]
    totals = [(p.total(option.gain_n), p) for p in places if p not in inside]
    floor = max(0.5, 0.05 * max((abs(v) for v, _ in totals), default=0.0))
    gains = sorted([t for t in totals if t[0] >= floor], key=lambda t: -t[0])[:3]
    losses = sorted([t for t in totals if t[0] <= -floor], key=lambda t: t[0])[:2]
    if not gains and not losses:
        return f"{option.prose} would move no one here by as much as {w.money(floor)} a year."
    won, lost = (
        w.listing(
            f"{p.prose} {w.money(v, page.band('options', p.name, option.id))}" for v, p in some
        )
        for some in (gains, losses)
    )
    if not gains:
        return f"{option.prose} would cost {lost} a year."
    return f"{option.prose} would bring {won} a year" + (f" and cost {lost}." if losses else ".")
