"""Payoff bars by component for each party's own moves: money, and what interests are put at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.brief import wording as w
from detente.brief.table import Cell, Chart, Column, Table, welfare
from detente.brief.talk_scene import MONEY, TalkScene

if TYPE_CHECKING:
    from detente.talks import Why
    from detente.talks.reasons import OwnMove

_MOST = 6


def _chosen(why: Why) -> list[OwnMove]:
    """Moves of one measure, the one that the stake is read from, and the best of all."""
    single = [m for m in why.moves if (m.after ^ why.before).bit_count() == 1]
    found = sorted(single, key=lambda m: -abs(m.gain))[:_MOST]
    extra = [why.stake.move] if why.stake.move is not None else []
    extra += [max(why.moves, key=lambda m: m.gain)] if why.moves else []
    for move in extra:
        if move.after not in {m.after for m in found}:
            found.append(move)
    return sorted(found, key=lambda m: -m.gain)


def _moves(scene: TalkScene) -> list[tuple[Why, OwnMove]]:
    return [(why, move) for why in scene.talks.whys for move in _chosen(why)]


def components_table(scene: TalkScene) -> Table:
    """What each party's own moves would change for it, by component."""
    chosen = _moves(scene)
    names = scene.talks.whys[0].components
    shown = [k for k in range(len(names)) if k == 0 or any(m.parts[k] for _, m in chosen)]
    rows: list[tuple[Cell, ...]] = [
        (
            scene.party(why.party),
            w.sentence(scene.change(why.before, move.after)),
            *(float(move.parts[k]) for k in shown),
            float(move.gain),
            "yes" if move.carried else "no",
        )
        for why, move in chosen
    ]
    every = [float(p) for _, m in chosen for p in (*m.parts, m.gain)]
    return Table(
        "talks-components",
        "What each party's own moves would change for it, by component",
        _sentence(scene, chosen),
        (
            Column("party", "Party", group=True),
            Column("move", "Move"),
            *(welfare(f"part-{k}", w.sentence(names[k]), MONEY, every) for k in shown),
            welfare("total", "In all", MONEY, every),
            Column("carried", "Would be made"),
        ),
        tuple(rows),
        note="Moves of one measure, the move that the implied stake is read from, and the best "
        "that the party could do by itself. Money is the trade model's; the rest is an amount "
        "times what the case says that a unit is worth to the party. Whether a bloc makes a move "
        f"hangs on its rules and not on the sum{_lapsing(scene)}.",
        lead=14,
    )


def _lapsing(scene: TalkScene) -> str:
    """By whose refusal what lapses ends, after the sentence on blocs."""
    from detente.study.talking.keys import refusal_words

    where = "" if scene.conflict is None else refusal_words(scene.conflict)
    return f": what lapses unless renewed ends {where}" if where else ""


def _sentence(scene: TalkScene, chosen: list[tuple[Why, OwnMove]]) -> str:
    own: dict[str, int] = {}
    for why, move in chosen:
        own[why.party] = own.get(why.party, 0) + bool(move.carried)
    idle = [p for p, n in own.items() if not n]
    busy = [p for p, n in own.items() if n]
    parts = []
    for some, what in ((idle, "no move"), (busy, "a move")):
        if some:
            verb, pronoun = ("has", "it") if len(some) == 1 else ("have", "they")
            parts.append(f"{scene.whom(*some)} {verb} {what} that {pronoun} would make unanswered")
    return w.sentence("; ".join(parts)) + ", at central estimates."


def components_chart(scene: TalkScene, table: Table) -> Chart:
    """The same as stacked bars, with the stake under each party's name."""
    names = scene.talks.whys[0].components
    groups = []
    for why in scene.talks.whys:
        moves = _chosen(why)
        if not moves:
            continue
        groups.append(
            {
                "label": f"{scene.party(why.party)} {_does(why)}",
                "note": _reason(scene, why),
                "rows": [
                    {
                        "label": w.sentence(scene.change(why.before, m.after)),
                        "parts": [float(p) for p in m.parts],
                        "total": float(m.gain),
                        "unit": MONEY,
                        "said": "",
                    }
                    for m in moves
                ],
            }
        )
    return Chart(
        "talks-components",
        "components",
        "What each party's own moves would change for it",
        f"{MONEY}; money by the trade model, interests at analyst estimates; ◇ in all",
        scene.source,
        f"Stacked bars, one for each move, with a mark at the sum. {table.sentence}",
        table.id,
        {"components": list(names), "groups": groups},
    )


def _reason(scene: TalkScene, why: Why) -> str:
    from detente.study.talking.sentences import reason

    conflict = scene.talks.conflict
    return reason(scene.talks, conflict.names[conflict.labels.index(why.party)])


def _does(why: Why) -> str:
    return "holds" if why.behaviour == "holds" else "moved"
