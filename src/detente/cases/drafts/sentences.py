"""Measures as sentences: 'EU bans imports of crude oil from Russia, except Hungary and Slovakia'.

`MeasureSentence` holds the parts of one and says it again; `parsed` reads one. The grammar is

    WHO bans | taxes | hinders  imports | exports | trade  of GOODS  from | to | with WHOM
        [by N %] [, except A, B and C] [, leaving N %] [, since DATE]
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from detente.cases.errors import Fault

Verb: TypeAlias = Literal["bans", "taxes", "hinders"]
Direction: TypeAlias = Literal["imports", "exports", "trade"]

FORM = (
    "Write it as ‘EU bans imports of crude oil from Russia, except Hungary, leaving 10 %, since "
    "2022-12-05’, or as ‘US taxes imports of steel from China by 25 %’."
)
_HEAD = re.compile(
    r"^(?:the\s+)?(?P<owner>.+?)\s+(?P<verb>bans?|taxes|tax|hinders?)\s+(?:the\s+)?"
    r"(?P<direction>imports?|exports?|trade)\s+(?:of|in)\s+(?P<goods>.+?)\s+"
    r"(?:from|to|with)\s+(?P<other>.+)$",
    re.IGNORECASE,
)
_SINCE = re.compile(r",?\s+since\s+(?P<since>\S+)\s*$", re.IGNORECASE)
_LEAVING = re.compile(
    r",?\s+leaving\s+(?P<leaving>\d+(?:\.\d+)?)\s*(?:%|per\s*cent)\s*$", re.IGNORECASE
)
_BY = re.compile(r",?\s+by\s+(?P<by>\d+(?:\.\d+)?)\s*(?:%|per\s*cent)\s*$", re.IGNORECASE)
_EXCEPT = re.compile(r",?\s+except(?:\s+for)?\s+(?P<names>.+)$", re.IGNORECASE)
_PREPOSITION = {"imports": "from", "exports": "to", "trade": "with"}


class MeasureSentence(BaseModel):
    """The parts of a sentence that states a measure.

    Attributes:
        owner: who puts it into force: a country or group.
        verb: `bans`, `taxes` (a duty or export tax by `percent`) or `hinders` (dearer delivery).
        direction: `imports`, `exports` or `trade`, which is both.
        goods: as people name them: by name, HS code or sector.
        other: with whom.
        excepted: countries that it leaves out, of the owner's members or of the others.
        percent: by how much it taxes or hinders.
        leaving: what still passes under a ban, per cent of the base flow.
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
    since: dt.date | None = None

    @property
    def text(self) -> str:
        """The sentence, without a full stop."""
        of = "in" if self.direction == "trade" else "of"
        said = (
            f"{self.owner} {self.verb} {self.direction} {of} {self.goods} "
            f"{_PREPOSITION[self.direction]} {self.other}"
        )
        if self.percent is not None:
            said += f" by {self.percent:g} %"
        if self.excepted:
            said += f", except {', '.join(self.excepted)}"
        if self.leaving is not None:
            said += f", leaving {self.leaving:g} %"
        return said if self.since is None else f"{said}, since {self.since}"


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
    if match:
        names = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", match["names"])
        excepted = tuple(n for n in (name.strip() for name in names) if n)
        rest, found = _tails(rest[: match.start()], found)
    head = _HEAD.match(rest)
    if head is None:
        return (Fault(0, key, f"{text!r} is not read as a measure.", FORM),)
    verb = head["verb"].lower().rstrip("s").replace("taxe", "tax")
    chosen: Verb = {"ban": "bans", "tax": "taxes", "hinder": "hinders"}[verb]  # type: ignore[assignment]
    way = head["direction"].lower()
    direction: Direction = "trade" if way == "trade" else f"{way.rstrip('s')}s"  # type: ignore[assignment]
    since = None
    if "since" in found:
        try:
            since = dt.date.fromisoformat(found["since"])
        except ValueError:
            message = f"{found['since']!r} is not a day."
            faults.append(Fault(0, f"{key}.since", message, "Write it as 2022-12-05."))
    numbers: dict[str, float] = {
        name: float(found[name]) for name in ("by", "leaving") if name in found
    }
    faults += _rates(chosen, numbers, key)
    if faults:
        return tuple(faults)
    return MeasureSentence(
        owner=head["owner"],
        verb=chosen,
        direction=direction,
        goods=head["goods"],
        other=head["other"],
        excepted=excepted,
        percent=numbers.get("by"),
        leaving=numbers.get("leaving"),
        since=since,
    )


def _tails(text: str, found: dict[str, str]) -> tuple[str, dict[str, str]]:
    """A sentence without the rate, the share and the day at its end, and these by name."""
    while match := next((m for p in (_SINCE, _LEAVING, _BY) if (m := p.search(text))), None):
        found, text = match.groupdict() | found, text[: match.start()]
    return text, found


def rate_faults(sentence: MeasureSentence, key: str) -> list[Fault]:
    """A rate that is missing, or that a ban cannot have."""
    given = {"by": sentence.percent, "leaving": sentence.leaving}
    return _rates(sentence.verb, {k: v for k, v in given.items() if v is not None}, key)


def _rates(verb: Verb, numbers: dict[str, float], key: str) -> list[Fault]:
    faults = []
    if verb == "bans" and "by" in numbers:
        message = "a ban has no rate."
        remedy = "Write ‘leaving 20 %’ for what still passes, or ‘taxes’ for a duty."
        faults.append(Fault(0, f"{key}.percent", message, remedy))
    if verb != "bans" and not 0 < numbers.get("by", 0.0) <= 1000:
        message = "the rate is missing." if "by" not in numbers else "the rate is not above 0."
        faults.append(Fault(0, f"{key}.percent", message, "Write it as ‘by 25 %’."))
    if "leaving" in numbers and verb != "bans":
        message = "only a ban leaves a share."
        faults.append(Fault(0, f"{key}.leaving", message, "Leave it out."))
    elif "leaving" in numbers and not 0 <= numbers["leaving"] < 100:
        message = f"{numbers['leaving']:g} % is no share of what passed."
        faults.append(Fault(0, f"{key}.leaving", message, "Write 0 to below 100."))
    return faults
