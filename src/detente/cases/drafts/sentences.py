"""Measures as sentences: 'EU bans imports of crude oil from Russia, except Hungary and Slovakia'.

`MeasureSentence` holds the parts of one and says it again; `parsed` reads one. The grammar is

    WHO [and WHO] [except A, B]  VERB  imports | exports | trade  of GOODS  from | to | with  WHOM
        [HOW MUCH] [, with rent to the exporter] [, except A, B] [, leaving N %] [, since DATE]

with the verbs and how much they need:

    bans | taxes … by N % [beyond AMOUNT] | hinders … by N % | limits … to AMOUNT
    licenses … up to AMOUNT | caps the price of GOODS from WHOM at N UNIT

An AMOUNT is `60 %` of the base flow, or `USD 500 million` a year.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from detente.cases.errors import Fault

Verb: TypeAlias = Literal["bans", "taxes", "hinders", "limits", "licenses", "caps"]
Direction: TypeAlias = Literal["imports", "exports", "trade"]

FORM = (
    "Write it as ‘EU bans imports of crude oil from Russia, except Hungary, leaving 10 %, since "
    "2022-12-05’, as ‘US taxes imports of steel from China by 25 %’, or as ‘US limits imports of "
    "steel from Japan to 60 %’."
)
_HEAD = re.compile(
    r"^(?:the\s+)?(?P<owner>.+?)\s+"
    r"(?P<verb>bans?|taxe?s?|hinders?|limits?|licen[cs]es?|caps?)\s+(?:the\s+)?"
    r"(?P<direction>imports?|exports?|trade|price)\s+(?:of|in)\s+(?P<goods>.+?)\s+"
    r"(?:from|to|with)\s+(?P<other>.+)$",
    re.IGNORECASE,
)
_NUMBER = r"\d+(?:\.\d+)?"
_PERCENT = r"(?:%|per\s*cent)"
_SINCE = re.compile(r",?\s+since\s+(?P<since>\S+)\s*$", re.IGNORECASE)
_LEAVING = re.compile(rf",?\s+leaving\s+(?P<leaving>{_NUMBER})\s*{_PERCENT}\s*$", re.IGNORECASE)
_BY = re.compile(rf",?\s+by\s+(?P<by>{_NUMBER})\s*{_PERCENT}\s*$", re.IGNORECASE)
_AMOUNT = re.compile(
    rf",?\s+(?P<how>up\s+to|to|beyond)\s+(?:(?P<share>{_NUMBER})\s*{_PERCENT}"
    rf"|(?:USD\s+)?(?P<money>{_NUMBER})\s+(?:USD\s+)?(?P<scale>million|billion)(?:\s+USD)?)\s*$",
    re.IGNORECASE,
)
_AT = re.compile(
    rf",?\s+at\s+(?P<price>{_NUMBER})\s+(?P<unit>\S+\s+(?:per|a)\s+\S+)\s*$", re.IGNORECASE
)
_RENT = re.compile(r",?\s+with\s+(?P<rent>rent)\s+to\s+the\s+exporter\s*$", re.IGNORECASE)
_EXCEPT = re.compile(r",?\s+except(?:\s+for)?\s+(?P<names>.+)$", re.IGNORECASE)
_LIST = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+", re.IGNORECASE)
_PREPOSITION = {"imports": "from", "exports": "to", "trade": "with"}
_VERBS: dict[str, Verb] = {
    "ban": "bans",
    "tax": "taxes",
    "hin": "hinders",
    "lim": "limits",
    "lic": "licenses",
    "cap": "caps",
}
#: The words before the amount of each verb that takes one.
_HOW: dict[Verb, str] = {"limits": "to", "licenses": "up to", "taxes": "beyond"}


class MeasureSentence(BaseModel):
    """The parts of a sentence that states a measure.

    Attributes:
        owner: who puts it into force: a country or group, or several joined by `and`.
        verb: `bans`, `taxes` (a duty or export tax by `percent`), `hinders` (dearer delivery),
            `limits` (a quota), `licenses` (an amount that a ban lets pass) or `caps` (the price).
        direction: `imports`, `exports` or `trade`, which is both.
        goods: as people name them: by name, HS code or sector.
        other: with whom.
        excepted: countries that it leaves out, of the owner's members or of the others.
        percent: by how much it taxes or hinders.
        leaving: what still passes under a ban, per cent of the base flow.
        share: the amount of a quota or licence, or beyond which a duty is paid, per cent of the
            base flow.
        money: the same in USD million a year at prices of the base year.
        rent: `origin` where the exporter earns what a licence is worth.
        price: at which it caps, in `unit`.
        unit: of the price, such as `USD per barrel`.
        since: its first day in force; the date of the case if None.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    owner: str = Field(min_length=1, max_length=120)
    verb: Verb = "bans"
    direction: Direction = "imports"
    goods: str = Field(min_length=1, max_length=120)
    other: str = Field(min_length=1, max_length=240)
    excepted: tuple[str, ...] = Field(default=(), max_length=80)
    percent: float | None = Field(default=None, gt=0, le=1000)
    leaving: float | None = Field(default=None, ge=0, lt=100)
    share: float | None = Field(default=None, gt=0, le=1000)
    money: float | None = Field(default=None, gt=0, le=1e9)
    rent: Literal["market", "origin"] = "market"
    price: float | None = Field(default=None, gt=0, le=1e9)
    unit: str = Field(default="", max_length=40)
    since: dt.date | None = None

    @property
    def owners(self) -> tuple[str, ...]:
        """Each of those who put it into force."""
        return listed_names(self.owner)

    @property
    def text(self) -> str:
        """The sentence, without a full stop."""
        verb = self.verb if len(self.owners) == 1 else self.verb.removesuffix("s")
        if verb == "taxe":
            verb = "tax"
        if self.verb == "caps":
            said = f"{self.owner} {verb} the price of {self.goods} from {self.other}"
            said += "" if self.price is None else f" at {self.price:g} {self.unit}"
        else:
            of = "in" if self.direction == "trade" else "of"
            said = (
                f"{self.owner} {verb} {self.direction} {of} {self.goods} "
                f"{_PREPOSITION[self.direction]} {self.other}"
            )
        if self.percent is not None:
            said += f" by {self.percent:g} %"
        if self.share is not None:
            said += f" {_HOW.get(self.verb, 'to')} {self.share:g} %"
        if self.money is not None:
            said += f" {_HOW.get(self.verb, 'to')} USD {self.money:.12g} million"
        if self.rent == "origin":
            said += ", with rent to the exporter"
        if self.excepted:
            said += f", except {', '.join(self.excepted)}"
        if self.leaving is not None:
            said += f", leaving {self.leaving:g} %"
        return said if self.since is None else f"{said}, since {self.since}"


def listed_names(text: str) -> tuple[str, ...]:
    """Names joined by commas and `and`."""
    return tuple(name for part in _LIST.split(text) if (name := part.strip()))


def parsed(text: str, key: str = "") -> MeasureSentence | tuple[Fault, ...]:
    """The parts of a sentence, or every fault of its form.

    Args:
        text: the sentence.
        key: where it stands, for faults.

    Example:
        >>> from detente.cases.drafts.sentences import parsed
        >>> found = parsed("EU bans imports of crude oil from Russia, except Hungary, Slovakia")
        >>> found.owner, found.goods, found.other, found.excepted
        ('EU', 'crude oil', 'Russia', ('Hungary', 'Slovakia'))
    """
    faults: list[Fault] = []
    rest, found = _tails(" ".join(text.split()).rstrip("."), {})
    excepted: tuple[str, ...] = ()
    match = _EXCEPT.search(rest)
    whole = match is not None and _HEAD.match(rest[: match.start()]) is not None
    if match and whole:
        excepted = listed_names(match["names"])
        rest, found = _tails(rest[: match.start()], found)
    head = _HEAD.match(rest)
    if head is None:
        return (Fault(0, key, f"{text!r} is not read as a measure.", FORM),)
    owner = head["owner"]
    inside = _EXCEPT.search(owner)
    if inside:
        owner, excepted = owner[: inside.start()], (*listed_names(inside["names"]), *excepted)
    verb = _VERBS[head["verb"].lower()[:3]]
    way = head["direction"].lower()
    direction: Direction = "trade" if way == "trade" else f"{way.rstrip('s')}s"  # type: ignore[assignment]
    if way == "price":
        direction = "imports"
    if (verb == "caps") != (way == "price"):
        message = "only a price is capped, and a price is only capped."
        remedy = "Write ‘EU caps the price of crude oil from Russia at 60 USD per barrel’."
        faults.append(Fault(0, f"{key}.verb", message, remedy))
    since = None
    if "since" in found:
        try:
            since = dt.date.fromisoformat(found["since"])
        except ValueError:
            message = f"{found['since']!r} is not a day."
            faults.append(Fault(0, f"{key}.since", message, "Write it as 2022-12-05."))
    numbers = _numbers(found)
    rent: Literal["market", "origin"] = "origin" if "rent" in found else "market"
    faults += _how_much_faults(verb, numbers, rent, key)
    right = _HOW.get(verb)
    if right and "how" in found and " ".join(found["how"].lower().split()) != right:
        message = f"‘{found['how']}’ an amount says nothing of what {verb}."
        faults.append(Fault(0, f"{key}.amount", message, f"Write ‘{right} 60 %’."))
    if faults:
        return tuple(faults)
    return MeasureSentence(
        owner=owner,
        verb=verb,
        direction=direction,
        goods=head["goods"],
        other=head["other"],
        excepted=excepted,
        percent=numbers.get("by"),
        leaving=numbers.get("leaving"),
        share=numbers.get("share"),
        money=numbers.get("money"),
        rent=rent,
        price=numbers.get("price"),
        unit=found.get("unit", ""),
        since=since,
    )


_TAILS = (_SINCE, _LEAVING, _RENT, _AMOUNT, _AT, _BY)


def _tails(text: str, found: dict[str, str]) -> tuple[str, dict[str, str]]:
    """A sentence without the numbers, the day and the rent at its end, and these by name."""
    while match := next((m for p in _TAILS if (m := p.search(text))), None):
        parts = {k: v for k, v in match.groupdict().items() if v is not None}
        found, text = parts | found, text[: match.start()]
    return text, found


def _numbers(found: dict[str, str]) -> dict[str, float]:
    """The numbers of a sentence by name; money in USD million."""
    names = ("by", "leaving", "share", "money", "price")
    numbers = {name: float(found[name]) for name in names if name in found}
    if found.get("scale", "").lower() == "billion":
        numbers["money"] *= 1000
    return numbers


def rate_faults(sentence: MeasureSentence, key: str) -> list[Fault]:
    """A number that is missing, or that the verb does not take."""
    given = {
        "by": sentence.percent,
        "leaving": sentence.leaving,
        "share": sentence.share,
        "money": sentence.money,
        "price": sentence.price,
    }
    numbers = {k: v for k, v in given.items() if v is not None}
    return _how_much_faults(sentence.verb, numbers, sentence.rent, key)


def _how_much_faults(
    verb: Verb, numbers: dict[str, float], rent: Literal["market", "origin"], key: str
) -> list[Fault]:
    faults = _rates(verb, numbers, key)
    amounts = [name for name in ("share", "money") if name in numbers]
    if verb in ("limits", "licenses") and len(amounts) != 1:
        message = "the amount is missing." if not amounts else "there are two amounts."
        remedy = f"Write ‘{_HOW[verb]} 60 %’ of the base flow, or ‘{_HOW[verb]} USD 500 million’."
        faults.append(Fault(0, f"{key}.amount", message, remedy))
    elif amounts and verb not in _HOW:
        message = f"what {verb} has no amount."
        faults.append(Fault(0, f"{key}.amount", message, "Leave it out, or write ‘limits’."))
    if any(numbers[name] <= 0 for name in amounts):
        message = "the amount is not above 0."
        faults.append(Fault(0, f"{key}.amount", message, "Write ‘bans’ where nothing passes."))
    if (verb == "caps") != ("price" in numbers):
        message = "the price is missing." if verb == "caps" else "only a cap has a price."
        remedy = "Write it as ‘at 60 USD per barrel’." if verb == "caps" else "Leave it out."
        faults.append(Fault(0, f"{key}.price", message, remedy))
    if rent == "origin" and verb not in ("limits", "licenses"):
        message = "only a quota or a licence leaves a rent to the exporter."
        faults.append(Fault(0, f"{key}.rent", message, "Leave it out."))
    return faults


def _rates(verb: Verb, numbers: dict[str, float], key: str) -> list[Fault]:
    faults = []
    rated = verb in ("taxes", "hinders")
    if not rated and "by" in numbers:
        what = {"bans": "a ban", "limits": "a quota", "licenses": "a licence", "caps": "a cap"}
        message = f"{what[verb]} has no rate."
        remedy = "Write ‘leaving 20 %’ for what still passes, or ‘taxes’ for a duty."
        faults.append(Fault(0, f"{key}.percent", message, remedy))
    if rated and not 0 < numbers.get("by", 0.0) <= 1000:
        message = "the rate is missing." if "by" not in numbers else "the rate is not above 0."
        faults.append(Fault(0, f"{key}.percent", message, "Write it as ‘by 25 %’."))
    if "leaving" in numbers and verb != "bans":
        message = "only a ban leaves a share."
        faults.append(Fault(0, f"{key}.leaving", message, "Leave it out."))
    elif "leaving" in numbers and not 0 <= numbers["leaving"] < 100:
        message = f"{numbers['leaving']:g} % is no share of what passed."
        faults.append(Fault(0, f"{key}.leaving", message, "Write 0 to below 100."))
    return faults
