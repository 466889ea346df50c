"""What a menu says of itself in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.study.sensitivities.menu import MEANING, moves
from detente.study.uncertainty import left_out

if TYPE_CHECKING:
    from detente.study.sensitivities.margins import Instrument
    from detente.study.sensitivities.menu import MeasureEntry, Sensitivity

_STEPS: dict[Instrument, str] = {
    "barrier": "1 % of delivered cost",
    "tax": "one percentage point of a tariff on imports or of an export tax on exports",
}


def sentences_of(menu: Sensitivity, instrument: Instrument, *, each: bool) -> list[str]:
    """What can be held or lifted, what a little more of anything costs, and how sure that is."""
    each = each and bool(menu.pairs)
    whose = f"each country of {menu.sender} and each of {menu.target}" if each else ""
    out = [
        *_measures(menu),
        f"Margins between {whose or f'{menu.sender} and {menu.target}'} ({menu.ground.sentence}): "
        f"one step is {_STEPS[instrument]}, all else adjusting.",
    ]
    for name, listed in (
        ("Cheapest to hold", menu.to_hold(instrument, each=each)),
        ("Most valuable to lift", menu.to_lift(instrument, each=each)),
    ):
        if listed:
            out.append(f"{name}: {listed[0].sentence}")
    shut = menu.closed(each=each)
    if shut:
        names = ", ".join(
            f"{e.direction} of {e.good}" + (f" ({e.sender}, {e.target})" if each else "")
            for e in shut
        )
        out.append(f"Closed by embargo, hence without a margin: {names}.")
    seen = {e.verdict for e in menu.lines(each=each) if e.instrument == instrument}
    out += [
        f"'{v}': {MEANING[v]}."
        for v in ("pays the sender", "helps the target", "helps both")
        if v in seen
    ]
    return [*out, _bands(menu)]


def _measures(menu: Sensitivity) -> list[str]:
    """The measures in force that a sender can hold or lift, as wholes."""
    moving = [m for m in menu.measures if m.verdict != "moves nothing"]
    idle = [m.id for m in menu.measures if m.verdict == "moves nothing"]
    whose = f"Of the measures of {menu.sender} in force that hit {menu.target}"
    out = []
    if len(moving) == 1:
        out.append(f"{whose} one moves something: {_lifted(menu, moving[0])}.")
    elif moving:
        out.append(
            f"{whose} the cheapest to hold is {_lifted(menu, moving[0])}; the most valuable to "
            f"lift is {_lifted(menu, moving[-1])}."
        )
    if idle:
        out.append(f"Lifted alone, {', '.join(idle)} would move nothing: others set the same.")
    return out


def _lifted(menu: Sensitivity, m: MeasureEntry) -> str:
    ratio = f", {m.ratio:.2f} to 1" if m.verdict == "costs both" else f" ({m.verdict})"
    both = [(menu.target, m.harm, f"{abs(m.harm):,.1f}")]
    both.append((menu.sender, m.cost, f"{abs(m.cost):,.1f}"))
    does = moves("give", "cost", both)
    return f"{m.id}, whose end would {does} USD million a year{ratio}"


def _bands(menu: Sensitivity) -> str:
    if not menu.asked:
        return "There are no bands, as no draws were asked for."
    left = menu.asked - menu.draws - menu.failed
    said = f"Bands are 5 to 95 % over {menu.draws} draws" if menu.draws else "There are no bands"
    if left:
        said += f"; {left} of the {menu.asked} draws asked for were cancelled"
    if menu.failed:
        said += f"; {left_out(menu.failed, menu.why)}"
    of = (
        "the case, of the horizon and of the world's trade elasticities"
        if menu.ground.case is not None
        else "the world's trade elasticities and of the horizon"
    )
    return f"{said}. What is drawn are the ranges of {of}."
