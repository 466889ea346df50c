"""The draft of a case: a form with title, date, parties and measure sentences, made a case file.

`DraftForm` is what is filled in, `Draft` what comes of it: the commented file, or every fault at
the field where it stands. `drafted` makes it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from detente._near import did_you_mean
from detente.cases.drafts.blocs import Bloc, BlocRenewal, blocs
from detente.cases.drafts.goods import Good, find_good, near_goods
from detente.cases.drafts.sentences import (
    MeasureSentence,
    listed_names,
    parsed,
    rate_faults,
)
from detente.cases.economy import ANALYST
from detente.cases.errors import Fault
from detente.cases.fields import EARLIEST, LATEST
from detente.world.errors import UnknownLabel, WorldError
from detente.world.groups import available_groups, members
from detente.world.names import all_names, code_of, name_of
from detente.world.products import Product, find_product, split_of
from detente.world.sectors import holder

if TYPE_CHECKING:
    from detente._types import Array
    from detente.world import World


class DraftForm(BaseModel):
    """What is filled in for a new case.

    Attributes:
        title: of the case.
        date: the day that is assessed.
        name: of the case; made of the title if empty.
        summary: what it is about; made of the measures if empty.
        parties: countries and groups; those that the measures name come in by themselves.
        measures: sentences, or their parts.
        world: the base year; the default one if empty.
        goods: narrow goods that are split out, besides those that measures name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(default="", max_length=300)
    date: str = Field(default="", max_length=20)
    name: str = Field(default="", max_length=80)
    summary: str = Field(default="", max_length=2000)
    parties: tuple[str, ...] = Field(default=(), max_length=80)
    measures: tuple[str | MeasureSentence, ...] = Field(default=(), max_length=80)
    world: str = Field(default="", max_length=80)
    goods: tuple[str, ...] = Field(default=(), max_length=20)


@dataclass(frozen=True)
class DraftParty:
    """A party of a draft.

    Attributes:
        id: in the file.
        name: for readers.
        label: the code of its country, or the id of its group.
        bloc: how the group decides; None for a country.
        owns: whether it holds a measure.
    """

    id: str
    name: str
    label: str
    bloc: Bloc | None = None
    owns: bool = False


@dataclass(frozen=True)
class DraftMeasure:
    """A measure of a draft, as far as its sentence is read.

    Attributes:
        id: in the file.
        sentence: its parts.
        owners: codes and groups of those who hold it.
        others: codes and groups that it is about.
        excepted: codes of countries that are left out, on the owner's side and on the other.
        good: what its goods are in the world.
        notes: what a reader should know of how it was read.
        example: whether it stands for measures that are still to be stated.
    """

    id: str
    sentence: MeasureSentence
    owners: tuple[str, ...]
    others: tuple[str, ...]
    excepted: tuple[tuple[str, ...], tuple[str, ...]]
    good: Good
    notes: tuple[str, ...] = ()
    example: bool = False


@dataclass(frozen=True)
class Draft:
    """What comes of a form.

    Attributes:
        form: as it was filled in.
        text: the case file with comments; empty while there are faults.
        faults: all of them, each with the field, what is wrong and what to do.
        measures: those that were read, by their place in the form.
        parties: of the case.
        name: of the case.
        goods: narrow goods that are split out, each by its id in the file.
    """

    form: DraftForm
    text: str = field(repr=False)
    faults: tuple[Fault, ...]
    measures: dict[int, DraftMeasure] = field(repr=False)
    parties: tuple[DraftParty, ...]
    name: str
    goods: dict[str, Product] = field(default_factory=dict)


def drafted(form: DraftForm, world: World) -> Draft:
    """A case file from a form, or every fault of the form at once.

    Args:
        form: as it was filled in.
        world: the base year that the case stands on.

    Example:
        >>> from detente import load_world
        >>> from detente.cases.drafts import DraftForm, drafted
        >>> form = DraftForm(title="Oil", date="2023-01-01",
        ...     measures=["EU bans imports of crude oil from Russia"])
        >>> found = drafted(form, load_world())
        >>> found.faults, [party.id for party in found.parties]
        ((), ['EU', 'Russia'])
    """
    faults: list[Fault] = []
    if not form.title.strip():
        faults.append(Fault(0, "title", "is empty.", "Say in a few words what the case is about."))
    day = _day(form.date, faults)
    name = _slug(form.name or form.title, 40).lower() or "case"
    measures: dict[int, DraftMeasure] = {}
    taken: set[str] = set()
    narrow = NarrowGoods(world)
    for k, text in enumerate(form.goods):
        faults += narrow.asked(text, f"goods[{k}]")
    if not form.measures and not form.goods and len(form.parties) < 2:
        remedy = "Add a sentence such as ‘EU bans imports of crude oil from Russia’."
        faults.append(Fault(0, "measures", "there is no measure.", remedy))
    for k, given in enumerate(form.measures):
        found = _measure(given, f"measures[{k}]", world, day or dt.date.today(), taken, narrow)
        if isinstance(found, DraftMeasure):
            measures[k] = found
            taken.add(found.id)
        else:
            faults += found
    measures = {
        k: replace(m, good=replace(m.good, beside=narrow.beside(m.good)))
        for k, m in measures.items()
    }
    parties = _parties(form, measures, world, day, faults)
    if not form.measures and not faults and len(parties) < 2:
        faults.append(Fault(0, "parties", "are fewer than two.", "Name two, as EU and RUS."))
    text = ""
    if not faults and day is not None:
        example = None if measures else _example(parties, world, day, narrow)
        stated = [*measures.values(), *([example] if example else [])]
        text = _written(form, name, day, parties, stated, world, narrow.split)
    return Draft(form, text, tuple(faults), measures, parties, name, narrow.split)


class NarrowGoods:
    """The narrow goods of a draft, each split out of its sector beside those before it.

    Attributes:
        world: the base year.
        split: those that fit, each by its id in the file.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.split: dict[str, Product] = {}
        self._taken: dict[str, Array] = {}

    @property
    def ids(self) -> dict[str, str]:
        """What the file calls each of them, by code."""
        return {product.hs: identifier for identifier, product in self.split.items()}

    def asked(self, text: str, key: str) -> list[Fault]:
        """Take one in that a form names, or say what is wrong with it."""
        try:
            product = find_product(text)
        except UnknownLabel as error:
            message = error.faults[0].removesuffix(error.remedy).rstrip()
            return [Fault(0, key, message, error.remedy)]
        refusal = self.take((product,))
        return [Fault(0, key, refusal, "Leave it out.")] if refusal else []

    def take(self, wanted: tuple[Product, ...]) -> str:
        """Take all of them in or none; why they cannot be split out, or nothing where they are."""
        split, taken = dict(self.split), dict(self._taken)
        for product in wanted:
            if product in split.values():
                continue
            parent = holder(product.isic, self.world.goods) or ""
            try:
                found = split_of(product, self.world, taken_ni=taken.get(parent))
            except WorldError as error:
                return error.faults[0].removesuffix(error.remedy).rstrip()
            taken[found.parent] = taken.get(found.parent, 0.0) + found.value_ni
            split[_slug(product.name, 30).lower()] = product
        self.split, self._taken = split, taken
        return ""

    def beside(self, good: Good) -> tuple[str, ...]:
        """Those that were split out of a good's sectors and that it means as well."""
        return tuple(
            identifier
            for identifier, p in self.split.items()
            if identifier not in good.sectors
            and holder(p.isic, self.world.goods) in good.sectors
            and (not good.codes or any(p.hs.startswith(c) for c in good.codes))
        )


def _example(
    parties: tuple[DraftParty, ...], world: World, day: dt.date, narrow: NarrowGoods
) -> DraftMeasure | None:
    """A first measure that is never in force, for a form that has none."""
    good = next((p.name for p in narrow.split.values()), "everything")
    ends = [p.label if "," in p.name else p.name for p in (parties[0], parties[-1])]
    text = f"{ends[0]} bans imports of {good} from {ends[1]}"
    found = _measure(text, "", world, day, set(), narrow)
    return replace(found, example=True) if isinstance(found, DraftMeasure) else None


def _day(text: str, faults: list[Fault]) -> dt.date | None:
    if not text.strip():
        faults.append(Fault(0, "date", "is empty.", "Write the day assessed, as 2025-12-01."))
        return None
    try:
        day = dt.date.fromisoformat(text.strip())
    except ValueError:
        faults.append(Fault(0, "date", f"{text!r} is not a day.", "Write it as 2025-12-01."))
        return None
    if not EARLIEST <= day <= LATEST:
        years = f"{EARLIEST.year} to {LATEST.year}"
        faults.append(Fault(0, "date", f"{text} is not in the years {years}.", "Correct the year."))
        return None
    return day


def _slug(text: str, most: int = 40) -> str:
    """A name as a file has it: letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:most].strip("-")
    return words if not words or words[0].isalpha() else f"case-{words}"[:most]


def _place(text: str, key: str, world: World, faults: list[Fault]) -> str | None:
    """The code of a country of the world, or the id of a group."""
    groups = {g.casefold(): g for g in available_groups()}
    plain = " ".join(text.split()).casefold()
    if plain in groups:
        return groups[plain]
    code = code_of(text)
    if code is not None and code in available_groups():
        return code
    if code in world.countries:
        return code
    known = [*(name_of(c) for c in world.countries), *available_groups()]
    if code is not None:
        message = f"{name_of(code)} is not a country of its own in the world {world.name}."
        remedy = "Leave it out: it stands in the rest of the world (ROW)."
        faults.append(Fault(0, key, message, remedy))
        return None
    faults.append(Fault(0, key, f"{text!r} is no country or group.", did_you_mean(text, known)))
    return None


def _measure(
    given: str | MeasureSentence,
    key: str,
    world: World,
    day: dt.date,
    taken: set[str],
    narrow: NarrowGoods,
) -> DraftMeasure | list[Fault]:
    """A sentence with its places and goods found, or all its faults."""
    sentence = parsed(given, key) if isinstance(given, str) else given
    if not isinstance(sentence, MeasureSentence):
        return list(sentence)
    faults = rate_faults(sentence, key)
    owners = _places(sentence.owner, f"{key}.owner", world, faults)
    others = _places(sentence.other, f"{key}.other", world, faults)
    out = [p for n in sentence.excepted if (p := _place(n, f"{key}.excepted", world, faults))]
    good = find_good(sentence.goods, world.goods)
    if good is None:
        message = f"{sentence.goods!r} is no good of the world {world.name}."
        faults.append(Fault(0, f"{key}.goods", message, near_goods(sentence.goods, world.goods)))
    sides: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    if not faults:
        sides = _sides(owners, others, out, key, day, faults)
        if set(owners) & set(others):
            message = "those who hold the measure are also those whom it is about."
            faults.append(Fault(0, f"{key}.other", message, "Name somebody else."))
    if faults or good is None:
        return faults
    refusal = narrow.take(good.products)
    good = good if refusal else good.split(narrow.ids)
    holders = "-".join(owners).lower()
    verb = {"taxes": "tax", "licenses": "licence"}.get(sentence.verb, sentence.verb[:-1])
    identifier = base = _slug(f"{holders}-{verb}-{sentence.goods}", 32).lower()
    number = 2
    while identifier in taken:
        identifier = f"{base}-{number}"
        number += 1
    return DraftMeasure(
        identifier,
        sentence,
        owners,
        others,
        sides,
        good,
        (*_notes(sentence, good), *([f"It is not split out: {refusal}"] if refusal else [])),
    )


def _places(text: str, key: str, world: World, faults: list[Fault]) -> tuple[str, ...]:
    """The codes and groups of a list of names, each once."""
    found = (_place(name, key, world, faults) for name in listed_names(text))
    return tuple(dict.fromkeys(place for place in found if place is not None))


def _sides(
    owners: tuple[str, ...],
    others: tuple[str, ...],
    out: list[str],
    key: str,
    day: dt.date,
    faults: list[Fault],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Whose exceptions they are: the owner's members first, else the others'."""

    def spread(label: str) -> set[str]:
        return set(members(label, day)) if label in available_groups() else {label}

    own, them = (set().union(*map(spread, side)) for side in (owners, others))
    first = tuple(p for p in out if spread(p) <= own)
    second = tuple(p for p in out if p not in first and spread(p) <= them)
    for label in out:
        if label not in first and label not in second:
            holders = " or ".join(map(_shown, owners))
            message = f"{_shown(label)} is neither in {holders} nor among the others."
            faults.append(Fault(0, f"{key}.excepted", message, "Leave it out."))
    return first, second


def _shown(label: str) -> str:
    return blocs()[label].name if label in blocs() else name_of(label)


def _notes(sentence: MeasureSentence, good: Good) -> list[str]:
    if not good.part:
        return []
    if len(good.sectors) == 1:
        within, them = f"in the sector ‘{good.sector_words}’", "it"
    else:
        within, them = f"inside these {len(good.sectors)} sectors", "them"
    text = f"The world holds ‘{sentence.goods}’ {within}, and the measure covers all of {them}."
    if sentence.verb == "bans" and sentence.leaving is None:
        text += " Say how much still passes, as ‘leaving 60 %’."
    return [text]


def _parties(
    form: DraftForm,
    measures: dict[int, DraftMeasure],
    world: World,
    day: dt.date | None,
    faults: list[Fault],
) -> tuple[DraftParty, ...]:
    """The parties of the form, then those that measures name; each once."""
    owners = dict.fromkeys(owner for m in measures.values() for owner in m.owners)
    labels = dict(owners)
    for k, text in enumerate(form.parties):
        found = _place(text, f"parties[{k}]", world, faults)
        if found is not None:
            labels.setdefault(found)
    for m in measures.values():
        for label in m.others:
            labels.setdefault(label)
    return tuple(
        DraftParty(
            _slug(label if label in available_groups() else name_of(label), 30),
            _shown(label),
            label,
            blocs().get(label),
            label in owners,
        )
        for label in labels
    )


def _written(
    form: DraftForm,
    name: str,
    day: dt.date,
    parties: tuple[DraftParty, ...],
    measures: Sequence[DraftMeasure],
    world: World,
    goods: dict[str, Product],
) -> str:
    """The case file, with a comment at each place that asks for a decision."""
    ids = {p.label: p.id for p in parties}
    summary = form.summary.strip() or " ".join(
        f"{m.sentence.text}." for m in measures if not m.example
    )
    subject = ", ".join(p.name for p in (goods.values() or parties))
    summary = summary or f"{subject}: to be described."
    lines = [
        "# A draft: every number is a first guess. `detente check` lists faults of the file, and",
        "# docs/case-file.md explains each key.",
        "schema: 2",
        f"name: {name}",
        f"title: {_quoted(form.title.strip())}",
        f"summary: {_quoted(summary)}",
        f"world: {world.name}",
        f"date: {day}  # the day assessed",
        "horizon: long  # or medium, short",
        *_narrow(goods, world),
        "",
        "# Who takes part. `affected` has no vote.",
        "parties:",
        *(line for p in parties for line in _party(p, alone=any(m.example for m in measures))),
    ]
    passing = {m.id: m.sentence.leaving for m in measures if m.sentence.leaving}
    if passing:
        lines += ["", "# What still passes under a ban. Give each a range and a source."]
        lines += ["parameters:"]
        for identifier, percent in passing.items():
            lines += _parameter(identifier, percent or 0.0, day)
    lines += ["", "# Name the legal act of each measure in `document` and `source`."]
    lines.append("measures:")
    for m in measures:
        if m.example:
            lines.append("  # A first one, which only scenarios impose: exchange it for your own.")
        lines += _entry(m, [ids[owner] for owner in m.owners], day)
    lines += _renewals(measures, ids)
    return "\n".join(lines) + "\n"


def _narrow(goods: dict[str, Product], world: World) -> list[str]:
    """The narrow goods of the file, a line each."""
    if not goods:
        return []
    return [
        "",
        "# Narrow goods that are split out of their sectors: `detente check` begins with what was",
        "# cut, and `detente goods CODE` shows who sells them to whom.",
        "goods:",
        *(
            f'  - {{id: {identifier}, hs: "{p.hs}", year: {world.year}}}'
            for identifier, p in goods.items()
        ),
    ]


def _quoted(text: Any) -> str:
    """A text between quotes, as YAML reads it."""
    return json.dumps(str(text), ensure_ascii=False)


def _party(party: DraftParty, *, alone: bool) -> list[str]:
    """A party; where there are no measures yet, each may come to hold one."""
    lines = [
        f"  - id: {party.id}",
        f"    name: {_quoted(party.name)}",
        f"    members: [{party.label}]",
    ]
    if not party.owns and not alone:
        lines.append("    role: affected")
    if party.bloc is not None:
        lines += [
            f"    rule: {party.bloc.rule}  # as of {party.bloc.checked}",
            f"    source: {_quoted(party.bloc.cited)}",
            f"    note: {_quoted(party.bloc.remark)}",
        ]
    return lines


def _parameter(identifier: str, percent: float, day: dt.date) -> list[str]:
    return [
        f"  {_passing(identifier)}:",
        f"    value: {percent / 100:g}",
        "    unit: share of the base flow at unchanged prices",
        f"    date: {day.year}",
        f"    source: {ANALYST}",
    ]


def _passing(identifier: str) -> str:
    return f"{identifier.replace('-', '_')}_passing"


_KINDS = {"bans": "sanction", "taxes": "tariff", "licenses": "licence", "caps": "sanction"}


def _entry(m: DraftMeasure, owners: Sequence[str], day: dt.date) -> list[str]:
    s = m.sentence
    since = s.since or day
    held = owners[0] if len(owners) == 1 else f"[{', '.join(owners)}]  # each holds its own"
    lines = [
        f"  - id: {m.id}",
        f"    label: {_quoted(s.text)}",
        f"    owner: {held}",
        f"    kind: {_KINDS.get(s.verb, 'other')}",
        f"    source: {ANALYST}",
    ]
    if _renewal(m) is not None:
        lines.append("    expiry: lapses  # see renewals below")
    lines += [f"    # {note}" for note in m.notes]
    lines.append("    sets:")
    directions = ("imports", "exports") if s.direction == "trade" else (s.direction,)
    lines += [f"      - {_setting(m, way)}" for way in directions]
    if m.example:
        return [*lines, "    in_force: []"]
    lines += [
        "    in_force:",
        f"      - from: {since}",
        f"        document: {_quoted('to be named')}",
    ]
    return lines


def _renewal(m: DraftMeasure) -> BlocRenewal | None:
    """When a ban of one bloc against one country ends unless renewed; None if not on file."""
    if m.sentence.verb not in ("bans", "caps") or len(m.others) != 1 or len(m.owners) != 1:
        return None
    bloc = blocs().get(m.owners[0])
    return None if bloc is None else bloc.renewal(m.others[0])


def _renewals(measures: Iterable[DraftMeasure], ids: Mapping[str, str]) -> list[str]:
    """One renewal for all measures that a bloc holds against a country by one decision."""
    found: dict[tuple[str, str], list[DraftMeasure]] = {}
    for m in measures:
        if _renewal(m) is not None:
            found.setdefault((m.owners[0], m.others[0]), []).append(m)
    lines = ["", "# What one decision renews stands and lapses together.", "renewals:"]
    for (owner, against), some in found.items():
        renewal = blocs()[owner].renewal(against)
        assert renewal is not None
        ends = " and ".join(renewal.days)
        link = [f"href: {_quoted(renewal.href)}"] if renewal.href else []
        remark = renewal.remark or ("" if link else "No link is on file.")
        note = [f"note: {_quoted(remark)}"] if remark else []
        lines += [
            f"  - id: {_slug(f'{owner}-{against}', 30).lower()}-renewal",
            f"    label: {_quoted(f'{_shown(owner)}: measures against {_shown(against)}')}",
            f"    owner: {ids[owner]}",
            f"    measures: [{', '.join(m.id for m in some)}]",
            "    decision:",
            f"      title: {_quoted(renewal.decision)}",
            f"      date: {renewal.date}",
            *(f"      {line}" for line in (*link, *note)),
            f"    source: {_quoted(renewal.href or ANALYST)}",
            f"    note: {_quoted(f'Its term ends each year on {ends} unless it is renewed.')}",
        ]
    return lines if found else []


def _setting(m: DraftMeasure, way: str) -> str:
    """One thing that a measure sets, in one line."""
    s = m.sentence
    joint = len(m.owners) > 1
    own = _choice(("owner",) if joint else m.owners, m.excepted[0])
    them = _choice(m.others, m.excepted[1])
    origin, market = (them, own) if way == "imports" else (own, them)
    goods = _goods((*m.good.sectors, *m.good.beside))
    ends = f"origin: {origin}, market: {market}, goods: {goods}"
    if s.verb == "bans":
        passing = f", leakage: {_passing(m.id)}" if s.leaving else ""
        return f"embargo: {{{ends}{passing}}}"
    if s.verb == "caps":
        return f"price_cap: {{{ends}, price: {s.price:g}, unit: {_quoted(s.unit)}}}"
    rate = f"{(s.percent or 0.0) / 100:.12g}"
    amount = ""
    if s.share is not None:
        amount = f", share: {s.share / 100:.12g}"
    elif s.money is not None:
        amount = f", value: {s.money:.12g}"
    if s.verb in ("limits", "licenses"):
        kind = "quota" if s.verb == "limits" else "licence"
        rent = ", rent: origin" if s.rent == "origin" else ""
        return f"{kind}: {{{ends}{amount}{rent}}}"
    if s.verb == "hinders":
        return f"iceberg: {{{ends}, factor: {1 + (s.percent or 0.0) / 100:.12g}}}"
    if amount:
        return f"quota: {{{ends}{amount}, beyond: {rate}}}"
    key = "tariff" if way == "imports" else "export_tax"
    return f"{key}: {{{ends}, {'add' if way == 'imports' else 'rate'}: {rate}}}"


def _goods(sectors: tuple[str, ...]) -> str:
    if sectors == ("*",):
        return "'*'"
    return sectors[0] if len(sectors) == 1 else f"[{', '.join(sectors)}]"


def _choice(labels: tuple[str, ...], out: tuple[str, ...]) -> str:
    """Labels with exceptions, as a case file writes them."""
    if out and len(labels) == 1:
        return _quoted(f"{labels[0]} except {', '.join(out)}")
    kept = [label for label in labels if label not in out]
    return kept[0] if len(kept) == 1 else f"[{', '.join(kept)}]"


def known_places(codes: Iterable[str]) -> list[dict[str, str]]:
    """Groups on file, then countries by name: what a form may name.

    Args:
        codes: ISO3 codes of the countries; others, such as the rest of the world, are left out.
    """
    groups = [{"id": g, "label": _shown(g), "kind": "group"} for g in available_groups()]
    known = sorted((c for c in codes if c in all_names()), key=lambda c: name_of(c).casefold())
    return [*groups, *({"id": c, "label": name_of(c), "kind": "country"} for c in known)]


def day_after(world: str) -> str:
    """The first day after a base year, by its name; empty for one that is not bundled.

    Args:
        world: a bundled world; empty for the default.

    Example:
        >>> from detente.cases.drafts.draft import day_after
        >>> day_after("oecd28-2021"), day_after("mine.npz")
        ('2022-01-01', '')
    """
    from detente.world import load_world, worlds

    if world and world not in worlds():
        return ""
    return f"{(load_world(world) if world else load_world()).year + 1}-01-01"
