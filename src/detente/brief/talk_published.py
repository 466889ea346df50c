"""A published conflict: its options and who holds them, and how each party ranks the states."""

from __future__ import annotations

from detente.brief import wording as w
from detente.brief.table import Cell, Column, Table
from detente.brief.talk_scene import TalkScene


def options_table(scene: TalkScene) -> Table:
    """The options of a published conflict, who holds them and whether they can be undone."""
    conflict = scene.talks.case.conflict
    assert conflict is not None
    here = next((s for s in conflict.states if s.id == conflict.status_quo), conflict.states[0])
    ways = {"both": "yes", "take": "no: once taken it stays", "drop": "no: once dropped it is gone"}
    rows: list[tuple[Cell, ...]] = [
        (
            scene.party(o.owner),
            o.label,
            "taken" if o.id in here.taken else "not taken",
            ways[o.direction],
        )
        for o in conflict.options
    ]
    return Table(
        "talks-moves",
        "Options and who holds them",
        f"{w.sentence(w.count(len(rows), 'option'))} of "
        f"{w.count(len(conflict.players), 'party', 'parties')} make "
        f"{w.count(len(conflict.states), 'feasible state')}; the status quo is "
        f"{scene.talks.conflict.label(scene.talks.conflict.status_quo)}.",
        (
            Column("owner", "Owner", group=True),
            Column("move", "Option"),
            Column("status", "In the status quo"),
            Column("reversible", "Reversible"),
        ),
        tuple(rows),
        note=conflict.note,
    )


def rankings_table(scene: TalkScene) -> Table:
    """How each party ranks the states, from the best to the worst."""
    conflict = scene.talks.case.conflict
    assert conflict is not None
    rows: list[tuple[Cell, ...]] = [
        (scene.party(p), " > ".join(" = ".join(tier) for tier in tiers))
        for p, tiers in conflict.preferences.items()
    ]
    best = {tiers[0] for tiers in conflict.preferences.values()}
    worst = {tiers[-1] for tiers in conflict.preferences.values()}
    agreed = [
        f"on the {what} state"
        for what, ends in (("best", best), ("worst", worst))
        if len(ends) == 1
    ]
    text = f"They agree {w.listing(agreed)}" if agreed else "They agree on no end of it"
    return Table(
        "talks-rankings",
        "How each party ranks the states",
        f"{w.sentence(w.count(len(rows), 'party ranks', 'parties rank'))} "
        f"{w.count(len(conflict.states), 'state')}. {text}.",
        (Column("party", "Party"), Column("ranking", "From the best to the worst")),
        tuple(rows),
        note=f"Source: {conflict.source}",
    )
