"""What a draft's measures close: flows of the base year, their worth, and whose trade they are.

`NewCase` is the result of checking a form, and `new_case` makes it. `Closing` says of one measure
'closes 38 flows, USD 71 billion, 46 % of Russia's exports of it'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detente._near import did_you_mean
from detente.analysis import labels as w
from detente.analysis.places import prose_of
from detente.analysis.reach import Reach, flows_of
from detente.cases import CaseError, Fault, Selection, case_of, read_marked, world_of
from detente.cases.drafts.blocs import blocs
from detente.cases.drafts.draft import Draft, DraftForm, DraftMeasure, drafted, known_places
from detente.cases.drafts.goods import choices as good_choices
from detente.cases.drafts.sentences import FORM, MeasureSentence
from detente.world.errors import UnknownLabel, WorldError
from detente.world.groups import members

if TYPE_CHECKING:
    from detente.cases import Case, Measure, Setting
    from detente.world import World

#: The day of a form that has none yet.
_DAY = "2025-01-01"
#: Choices that a search gives at most.
_MOST = 50


@dataclass(frozen=True)
class Share:
    """A part of somebody's trade.

    Attributes:
        whose: in words, 'Russia'.
        flow: `exports` or `imports`.
        share: of all that they sell or buy abroad of these goods, 0 to 1.
    """

    whose: str
    flow: str
    share: float


@dataclass(frozen=True)
class Closing:
    """What one measure of a form closes or changes.

    Attributes:
        measure: its place in the form.
        id: in the file.
        text: the sentence as it was read.
        flows: how many flows of the base year it concerns.
        value: what they are worth, USD million.
        shares: of whose trade they are which part.
        sentence: all of that in words.
        notes: what a reader should know of how it was read.
    """

    measure: int
    id: str
    text: str
    flows: int
    value: float
    shares: tuple[Share, ...]
    sentence: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class NewCase:
    """A form checked: its faults, or the file and what its measures close.

    Attributes:
        draft: the form and the file.
        faults: all of them, of the form or of the file.
        closings: of each measure that is without faults.
    """

    draft: Draft
    faults: tuple[Fault, ...]
    closings: tuple[Closing, ...]

    @property
    def ok(self) -> bool:
        """Whether the file can be written."""
        return not self.faults

    @property
    def text(self) -> str:
        """The case file; empty while there are faults."""
        return "" if self.faults else self.draft.text

    @property
    def sentences(self) -> tuple[str, ...]:
        """What each measure closes, then every fault."""
        said = [f"{c.text}: {c.sentence}" for c in self.closings]
        return (*said, *(str(f) for f in self.faults))

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "ok": self.ok,
            "name": self.draft.name,
            "faults": [
                {"key": f.key, "message": f.message, "remedy": f.remedy, "line": f.line}
                for f in self.faults
            ],
            "parties": [{"id": p.id, "label": p.name, "owns": p.owns} for p in self.draft.parties],
            "closes": [asdict(c) for c in self.closings],
        }

    def require(self) -> NewCase:
        """Itself without faults.

        Raises:
            CaseError: with every fault.
        """
        if self.faults:
            raise CaseError(self.faults, "The new case")
        return self


def new_case(form: DraftForm) -> NewCase:
    """Check a form, and say what each of its measures closes.

    Measures without faults are answered, whatever is wrong elsewhere in the form.

    Args:
        form: as it was filled in.

    Example:
        >>> from detente.analysis.closings import new_case
        >>> from detente.cases.drafts import DraftForm
        >>> found = new_case(DraftForm(title="Metal", date="2023-01-01",
        ...     measures=["EU bans imports of metal from Russia"]))
        >>> found.ok, found.closings[0].shares[0].flow
        (True, 'exports')
    """
    try:
        world = _world(form.world)
    except WorldError as error:
        fault = Fault(0, "world", error.faults[0].removesuffix(error.remedy).rstrip(), error.remedy)
        return NewCase(Draft(form, "", (fault,), {}, (), ""), (fault,), ())
    draft = drafted(form, world)
    faults = list(draft.faults)
    closings: tuple[Closing, ...] = ()
    whole = draft if draft.text else _answerable(draft, world)
    if whole is not None:
        try:
            case = case_of(read_marked(whole.text, f"{draft.name}.yaml"), f"{draft.name}.yaml")
        except CaseError as error:
            if draft.text:
                faults += error.faults
        else:
            places = (
                draft.measures
                if whole is draft
                else dict(zip(draft.measures, whole.measures.values(), strict=True))
            )
            split = world_of(case) if case.goods else world
            closings = tuple(_closing(case, k, m, split) for k, m in places.items())
    return NewCase(draft, tuple(faults), closings)


def one_measure(measure: str | MeasureSentence, date: str = "", world: str = "") -> NewCase:
    """Check one measure alone, and say what it closes.

    Args:
        measure: a sentence, or its parts.
        date: the day whose members of groups count; the first of 2025 if empty.
        world: the base year; the default one if empty.
    """
    form = DraftForm(title="draft", date=date or _DAY, measures=(measure,), world=world)
    return new_case(form)


def _answerable(draft: Draft, world: World) -> Draft | None:
    """A draft of the measures that were read, so that each is answered at once."""
    if not draft.measures:
        return None
    dated = not any(f.key == "date" for f in draft.faults)
    form = DraftForm(
        title="draft",
        date=draft.form.date if dated else _DAY,
        measures=tuple(m.sentence for m in draft.measures.values()),
        world=draft.form.world,
    )
    found = drafted(form, world)
    return found if found.text else None


def _world(name: str = "") -> World:
    """The base year of a form: a bundled one by its name."""
    from detente.world import load_world, worlds

    if not name:
        return load_world()
    if name not in worlds():
        raise UnknownLabel(f"there is no bundled world {name!r}.", did_you_mean(name, worlds()))
    return load_world(name)


def _closing(case: Case, place: int, m: DraftMeasure, world: World) -> Closing:
    """What one measure closes, and whose trade that is."""
    measures = [x for x in case.measures if x.id == m.id or x.id.startswith(f"{m.id}-")]
    held = [measures[0]] if measures[0].id == m.id else measures
    shares: list[Share] = []
    flows, value = 0, 0.0
    for settings in zip(*(measure.sets for measure in held), strict=True):
        # A flow that several owners close is one flow.
        found = np.logical_or.reduce([flows_of(case, s, world, case.date) for s in settings])
        worth = float(world.trade_jni[found].sum())
        flows, value = flows + int(found.sum()), value + worth
        shares += _shares(case, settings[0], worth, m, world)
    return Closing(
        place, m.id, m.sentence.text, flows, value, tuple(shares),
        _words(m, flows, value, shares), m.notes,
    )  # fmt: skip


def _shares(
    case: Case, setting: Setting, value: float, m: DraftMeasure, world: World
) -> Iterator[Share]:
    """The part of what those whom the measure is about sell or buy abroad of its goods."""
    them = _others(case, m, world)
    origin = case.countries(setting.goods_effect.origin, world)  # type: ignore[union-attr]
    whose = w.listing(prose_of(_name(label)) for label in m.others)
    flow = "exports" if set(origin) <= set(them) else "imports"
    yield from _share(setting, value, whose, them, flow, world)


def shares_of(case: Case, measure: Measure, reach: Reach, world: World) -> tuple[Share, ...]:
    """Which part of whose trade a setting of any measure concerns; nothing where it has no flows.

    A measure is about those who trade with its owner: their exports if the owner's members buy,
    their imports if they sell. Of a measure on the trade of others it is about the sellers.

    Args:
        case: whose measure it is, on its own day.
        measure: one that sets something in the economy.
        reach: one setting of it, from `detente.analysis.reach.reach_of`.
        world: the base year with the case's commodities.
    """
    effect = reach.setting.effect
    origin, market = getattr(effect, "origin", None), getattr(effect, "market", None)
    if not isinstance(origin, Selection) or not isinstance(market, Selection):
        return ()
    own = set(case.members(measure.owner, world, case.date))
    sells = bool(own & set(case.countries(market, world))) or not (
        own & set(case.countries(origin, world))
    )
    about = origin if sells else market
    if "*" in about.include:
        return ()
    them = case.countries(Selection(about.include), world)
    whose = w.listing(prose_of(_name(label)) for label in about.include)
    flow = "exports" if sells else "imports"
    return tuple(_share(reach.setting, reach.value, whose, them, flow, world))


def share_words(shares: Sequence[Share], of: str) -> str:
    """'46 % of Russia's exports of it'; empty without shares.

    Args:
        shares: of trade.
        of: how it ends: ' of it', or nothing.
    """
    said = [f"{_percent(x.share)} of {w.possessive(x.whose)} {x.flow}{of}" for x in shares]
    return w.listing(said) if said else ""


def _share(
    setting: Setting, value: float, whose: str, them: Sequence[str], flow: str, world: World
) -> Iterator[Share]:
    """A value as a part of what some countries sell or buy abroad of a setting's goods."""
    goods = [world.good(g) for g in setting.goods_effect.goods.goods(world.goods)]
    trade = world.trade_jni[goods].sum(axis=0)
    abroad = np.where(np.eye(len(world.countries), dtype=bool), 0.0, trade)
    at = [world.country(c) for c in them]
    whole = float(abroad[:, at].sum() if flow == "exports" else abroad[at].sum())
    if whole > 0:
        yield Share(whose, flow, value / whole)


def _others(case: Case, m: DraftMeasure, world: World) -> tuple[str, ...]:
    """Countries of the world that a measure is about, with those that it leaves out."""
    found = {
        c
        for label in m.others
        for c in (members(label, case.date) if label in blocs() else (label,))
    }
    return tuple(c for c in world.countries if c in found)


def _name(label: str) -> str:
    return blocs()[label].name if label in blocs() else w.name_of(label)


def _words(m: DraftMeasure, flows: int, value: float, shares: Sequence[Share]) -> str:
    """'Closes 38 flows worth USD 71 billion in the base year: 46 % of Russia's exports of …'."""
    s = m.sentence
    of = "" if "*" in m.good.sectors else f" of {m.good.sector_words}"
    verb = _CLOSES.get(s.verb, "Changes")
    if s.leaving:
        verb = f"Leaves {s.leaving:g} % of"
    if s.verb in ("limits", "licenses"):
        much = f"{s.share:g} %" if s.share is not None else w.money(s.money or 0.0)
        verb = f"{verb} {much} of" if s.verb == "licenses" else f"{verb} to {much} what passes in"
    capped = " Price caps are not yet computed: no result has their effect." * (s.verb == "caps")
    if not flows:
        return "Closes nothing: there is no such trade in the base year."
    text = f"{verb} {w.count(flows, 'flow')} worth {w.money(value)} in the base year"
    said = f"{text}: {share_words(shares, of)}." if shares else f"{text}."
    return f"{said}{capped}"


#: What a measure does to the flows that it is about.
_CLOSES = {
    "bans": "Closes",
    "limits": "Limits",
    "licenses": "Lets a ban pass",
    "caps": "Caps the price of",
}


def _percent(share: float) -> str:
    return "less than 1 %" if share < 0.005 else w.share(share)


def new_choices(search: str = "") -> dict[str, Any]:
    """What a form may name: places, goods, verbs, and how a sentence is written.

    Args:
        search: what labels must hold, in any letters; all if empty.
    """
    world, wanted = _world(), search.strip().casefold()

    def some(rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        if not wanted:
            return rows

        def words(row: dict[str, Any]) -> str:
            return " ".join(v for v in row.values() if isinstance(v, str)).casefold()

        kept = [r for r in rows if wanted in words(r)]
        kept.sort(key=lambda r: not r["label"].casefold().startswith(wanted))
        return kept[:_MOST]

    return {
        "world": {"id": world.name, "label": f"{world.name}, {world.year}"},
        "places": some(known_places(world.countries)),
        "goods": some(good_choices(world.goods)),
        "blocs": [b.model_dump(mode="json") for b in blocs().values()],
        "verbs": [
            {"id": "bans", "label": "bans", "rate": ""},
            {"id": "taxes", "label": "taxes", "rate": "percent"},
            {"id": "hinders", "label": "makes dearer to deliver", "rate": "percent"},
            {"id": "limits", "label": "limits by a quota", "rate": "amount"},
            {"id": "licenses", "label": "lets an amount through a ban", "rate": "amount"},
            {"id": "caps", "label": "caps the price (not yet computed)", "rate": "price"},
        ],
        "directions": ["imports", "exports", "trade"],
        "form": FORM,
    }
