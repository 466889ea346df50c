"""A published conflict without trade: what can be asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from detente.analysis.negotiation.answer_data import NegotiationData, Reported
from detente.analysis.negotiation.labels import with_article
from detente.negotiation import ListedConflict, joint_improvements, path_to_stability, stable_states
from detente.negotiation.words import listed
from detente.world.names import lower_first

if TYPE_CHECKING:
    from detente.cases import Case
    from detente.cases import Conflict as Published
    from detente.negotiation import Stability


def reported_of(published: Published, stability: Stability) -> tuple[Reported, ...]:
    """What the publication reports against what the model finds, one for each sense reported."""
    names = {name.lower(): name for name in stability.stable_is}
    out = []
    for concept, states in published.reported.items():
        at = stability.equilibria(names[concept]).tolist()
        found = tuple(published.state_ids[s] for s in at)
        out.append(Reported(names[concept], tuple(states), found))
    return tuple(out)


def reported_words(reported: Sequence[Reported]) -> Iterator[str]:
    """Where the model finds what was published, and where it finds other states."""
    same = [r.concept for r in reported if r.agrees]
    if same:
        yield (
            f"The publication reports the same stable states as are found here ({listed(same)})."
        )
    for r in reported:
        if not r.agrees:
            more = [s for s in r.found if s not in r.published]
            less = [s for s in r.published if s not in r.found]
            parts = [f"not {listed(less)}"] if less else []
            parts += [f"{listed(more)} besides"] if more else []
            yield (
                f"The publication reports other stable states ({r.concept}): "
                f"{listed(r.published)}. Found here: {', '.join(parts)}."
            )


_RANKED = "the case is a published conflict with rankings only: it has no payoffs in money"
_UNANSWERED = {
    "why": f"{_RANKED}, so that no stake is implied. Ask which states are stable.",
    "deals": f"{_RANKED} to weigh packages by. Ask which states are stable, and for joint moves.",
    "steps": f"{_RANKED} and no patience, so that orders of steps cannot be weighed.",
    "blockers": "its parties decide alone: nobody votes. Ask which states are stable.",
    "channels": "the case names no channels.",
}


def listed_conflict(case: Case, published: Published) -> ListedConflict:
    """The conflict as the analysis takes it, states named by what is taken in them."""
    ids = published.state_ids
    reach = published.reach_iss()
    names = {p.id: with_article(p.name) for p in case.parties}
    labels = {s.id: _label(published, k) for k, s in enumerate(published.states)}
    return ListedConflict.of(
        [labels[s] for s in ids],
        {
            names[p]: {
                labels[a]: [labels[b] for t, b in enumerate(ids) if reach[i, s, t]]
                for s, a in enumerate(ids)
                if reach[i, s].any()
            }
            for i, p in enumerate(published.players)
        },
        {
            names[p]: [[labels[s] for s in tier] for tier in published.preferences[p]]
            for p in published.players
        },
        status_quo=labels[published.status_quo or ids[0]],
    )


def _label(published: Published, place: int) -> str:
    state = published.states[place]
    options = {o.id: o.label for o in published.options}
    text = state.label or ", ".join(lower_first(options[o]) for o in state.taken)
    return f"state {state.id} ({text or 'nothing is taken'})"


def listed_answer(case: Case, published: Published) -> NegotiationData:
    """Stability, paths and joint moves; why the rest cannot be asked."""
    conflict = listed_conflict(case, published)
    stability = stable_states(conflict)
    path = path_to_stability(conflict)
    joint = joint_improvements(conflict)
    reported = reported_of(published, stability)
    return NegotiationData(
        case=case,
        date=case.date,
        horizon="",
        conflict=conflict,
        stability=stability,
        path=path,
        joint=joint,
        reported=reported,
        headlines=(
            *stability.sentences,
            *reported_words(reported),
            str(path),
            str(joint),
        ),
        unanswered=_UNANSWERED,
    )
