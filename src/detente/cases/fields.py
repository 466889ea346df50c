"""Fields of a case file: what may stand in one, and what all entries have in common.

`Entry` is the base of every entry and `Selection` a choice of labels. The annotated types are days,
numbers, names and texts. `Bound` says what a number may be, `Use` where one stands, and
`Uncertainty` reads a number with its range.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from detente.cases.errors import KeyPath
from detente.world.errors import UnknownLabel
from detente.world.groups import parted


class Entry(BaseModel):
    """Any part of a case file: unknown keys are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Selection:
    """Labels as a case file chooses them, before groups are expanded.

    Attributes:
        include: labels or groups of labels; `*` is all.
        exclude: labels or groups left out.
    """

    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The choice in words."""
        chosen = "all" if "*" in self.include else ", ".join(self.include)
        return f"{chosen} but {', '.join(self.exclude)}" if self.exclude else chosen

    def goods(self, known: tuple[str, ...]) -> tuple[str, ...]:
        """The chosen ones among the goods that there are, in their order."""
        every = "*" in self.include
        return tuple(g for g in known if (every or g in self.include) and g not in self.exclude)


#: Days and years of a case lie between these: before and after there is no world to assess.
EARLIEST, LATEST = dt.date(1800, 1, 1), dt.date(2200, 12, 31)
#: A number is 0 or of a size between these: nothing that a case counts is smaller or larger.
SMALLEST, LARGEST = 1e-15, 1e15
_SHOWN = 60
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
ADDRESS = re.compile(r"https?://\S+")
REST = "rest"
#: A number as it stands in a file: itself, or the name of a parameter.
NumberOrParameter = float | str


def finite(value: Any) -> float | None:
    """A finite number, or None for anything else (booleans and texts included)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _number(value: Any) -> float:
    number = finite(value)
    if number is None:
        raise PydanticCustomError("number", "is {shown}, not a finite number", shown(value))
    return in_proportion(number)


def in_proportion(number: float) -> float:
    """A number of a size that something can have; any other is refused."""
    if number and not SMALLEST <= abs(number) <= LARGEST:
        raise PydanticCustomError(
            "size",
            "is {shown}, out of all proportion",
            {"shown": f"{number:g}", "low": f"{SMALLEST:g}", "high": f"{LARGEST:g}"},
        )
    return number


def _number_or_name(value: Any) -> float | str:
    if isinstance(value, str) and NAME.fullmatch(value):
        return value
    number = finite(value)
    if number is None:
        raise PydanticCustomError(
            "number_or_name",
            "is {shown}, neither a finite number nor the name of a parameter",
            shown(value),
        )
    return in_proportion(number)


def day_or_none(value: Any) -> dt.date | None:
    """The day that a value stands for, or None for anything else."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _day(value: Any) -> dt.date:
    day = day_or_none(value)
    if day is not None:
        return in_time(day)
    raise PydanticCustomError("day", "is {shown}, not a day", shown(value))


def in_time(day: dt.date) -> dt.date:
    """A day that can be assessed; any other is refused."""
    if not EARLIEST <= day <= LATEST:
        raise PydanticCustomError(
            "era",
            "is {shown}, not a day of the years {first} to {last}",
            {"shown": day.isoformat(), "first": EARLIEST.year, "last": LATEST.year},
        )
    return day


def _name(value: str) -> str:
    if not NAME.fullmatch(value):
        raise PydanticCustomError("name", "is {shown}, not a name", shown(value))
    return value


def as_names(value: Any) -> tuple[str, ...]:
    """A name or a list of names, each once."""
    names = (value,) if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not names:
        raise PydanticCustomError("names", "is {shown}, not a name or names", shown(value))
    for name in names:
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise PydanticCustomError("name", "is {shown}, not a name", shown(name))
    return tuple(dict.fromkeys(names))


def _text(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank", "is empty")
    return value


def _address(value: str) -> str:
    if not ADDRESS.fullmatch(value):
        raise PydanticCustomError("address", "is {shown}, not an address", shown(value))
    return value


def _selection(value: Any) -> Selection:
    if isinstance(value, Selection):
        return value
    if isinstance(value, dict):
        kind = "whole_world" if set(value) == {"except"} else "selection"
        raise PydanticCustomError(
            kind, "is a mapping with {shown}", {"shown": ", ".join(map(str, value))}
        )
    labels = _labels(value)
    if len(labels) > 1:
        return Selection(_plain(value), ())
    return Selection(*_parted(labels[0]))


def _parted(label: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What one label takes in and leaves out: 'EU except HUN, SVK'."""
    try:
        return parted(label)
    except UnknownLabel:
        raise PydanticCustomError(
            "selection", "is {shown}, with labels missing beside `except`", shown(label)
        ) from None


def _plain(value: Any) -> tuple[str, ...]:
    """Labels without exceptions: in a list nobody could say what an exception is from."""
    labels = _labels(value)
    mixed = next((x for x in labels if _parted(x)[1]), None)
    if mixed is not None:
        raise PydanticCustomError(
            "exception", "has {shown} beside other labels, or inside an exception", shown(mixed)
        )
    return labels


def _members(value: Any) -> Any:
    """A list of members, or one text."""
    if isinstance(value, str):
        value = (value,)
    if isinstance(value, list | tuple) and value and all(isinstance(x, str) for x in value):
        if len(value) > 1:
            _plain([x for x in value if x.strip()])
        elif value[0].strip():
            _parted(value[0])
    return value


def _labels(value: Any) -> tuple[str, ...]:
    labels = (value,) if isinstance(value, str) else value
    if not isinstance(labels, list | tuple) or not labels:
        raise PydanticCustomError("selection", "is {shown}, not a choice of labels", shown(value))
    wrong = [x for x in labels if not isinstance(x, str) or not x.strip()]
    if wrong:
        raise PydanticCustomError("selection", "holds {shown}, not a label", shown(wrong[0]))
    return tuple(labels)


def shown(value: Any) -> dict[str, str]:
    """What a message says of a value that is refused: short, whatever it is."""
    if value is None:
        return {"shown": "empty"}
    if isinstance(value, dict | list):
        return {"shown": "a mapping" if isinstance(value, dict) else "a list"}
    try:
        text = value.isoformat() if isinstance(value, dt.date) else str(value)
    except ValueError:  # an integer of thousands of digits
        text = hex(value)
    if len(text) > _SHOWN:
        text = f"{text[:_SHOWN]}…"
    return {"shown": repr(text) if isinstance(value, str) else text}


_LABEL_SCHEMA = {
    "type": "string",
    "minLength": 1,
    "description": "A label, or a choice with exceptions, such as 'EU except HUN, SVK'.",
}
_LABELS_SCHEMA = {
    "anyOf": [_LABEL_SCHEMA, {"type": "array", "items": _LABEL_SCHEMA, "minItems": 1}]
}

Number = Annotated[float, PlainValidator(_number), WithJsonSchema({"type": "number"})]
NumberOrName = Annotated[
    float | str,
    PlainValidator(_number_or_name),
    WithJsonSchema(
        {
            "anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{NAME.pattern}$"}],
            "description": "A number, or the name of a parameter of this file.",
        }
    ),
]
Day = Annotated[
    dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
]
Name = Annotated[str, AfterValidator(_name), Field(json_schema_extra={"pattern": NAME.pattern})]
_NAME_SCHEMA = {"type": "string", "pattern": f"^{NAME.pattern}$"}
Names = Annotated[
    tuple[str, ...],
    PlainValidator(as_names),
    WithJsonSchema(
        {"anyOf": [_NAME_SCHEMA, {"type": "array", "items": _NAME_SCHEMA, "minItems": 1}]}
    ),
]
Text = Annotated[str, AfterValidator(_text), Field(json_schema_extra={"minLength": 1})]
Address = Annotated[
    str, AfterValidator(_address), Field(json_schema_extra={"pattern": ADDRESS.pattern})
]
Labels = Annotated[
    Selection,
    PlainValidator(_selection),
    WithJsonSchema(
        {
            "anyOf": [
                *_LABELS_SCHEMA["anyOf"],
            ],
            "description": "A label, a list of labels, a group's name, '*' for all, 'EU except "
            "HUN, SVK' for a group without some, or '* except EU, RUS' for the whole world without "
            "some.",
        }
    ),
]
Members = Annotated[
    tuple[Text, ...],
    BeforeValidator(_members),
    WithJsonSchema({"anyOf": [_LABEL_SCHEMA, {"type": "array", "items": _LABEL_SCHEMA}]}),
]


@dataclass(frozen=True)
class Bound:
    """What a number may be."""

    words: str
    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False

    def admits(self, x: float) -> bool:
        """Whether the number may be x."""
        above = self.low < x if self.low_open else self.low <= x
        return above and (x < self.high if self.high_open else x <= self.high)


FREE = Bound("any number")
SHARE = Bound("between 0 and 1", 0.0, 1.0)
SHARE_IN_USE = Bound("above 0 and at most 1", 0.0, 1.0, low_open=True)
POSITIVE = Bound("above 0", 0.0, low_open=True)
NOT_NEGATIVE = Bound("0 or more", 0.0)
ABOVE_MINUS_ONE = Bound("above -1", -1.0, low_open=True)
#: What a year's delay leaves of a value: who values next year at less than a hundredth of this one
#: does not negotiate about it.
PATIENCE = Bound("from 0.01 to below 1", 0.01, 1.0, high_open=True)
ONE_OR_MORE = Bound("1 or more", 1.0)


@dataclass(frozen=True)
class Use:
    """Where a number or the name of a parameter stands.

    Attributes:
        path: the place.
        given: the number, or the parameter's name.
        bound: what it may be.
        dated: whether it may differ from day to day; numbers of the base year may not.
    """

    path: KeyPath
    given: NumberOrParameter
    bound: Bound
    dated: bool = False


@dataclass(frozen=True)
class Spread:
    """What a field with a range holds.

    Attributes:
        value: the central value, or the name of a parameter.
        range: lowest and highest value thought possible; None where there is none here.
    """

    value: NumberOrParameter
    range: tuple[float, float] | None = None


@dataclass(frozen=True)
class Uncertainty:
    """A number with a range that is not among the parameters, under its own dotted name.

    Attributes:
        name: `valuations.EU.pressure`, `patience.US`, `reservation.US` or `fidelity.CHANNEL`;
            `Case.with_parameters` takes it.
        value: the central value.
        low: lowest value thought possible.
        high: highest.
    """

    name: str
    value: float
    low: float
    high: float


def _spread(value: Any) -> Spread:
    if isinstance(value, Spread):
        return value
    if isinstance(value, str) and NAME.fullmatch(value):
        return Spread(value)
    number = finite(value)
    if number is not None:
        return Spread(in_proportion(number))
    if isinstance(value, list | tuple) and len(value) == 2:
        low, high = map(finite, value)
        if low is not None and high is not None:
            low, high = in_proportion(low), in_proportion(high)
            return Spread((low + high) / 2, (low, high))
    raise PydanticCustomError("spread", "is {shown}, no number or range", shown(value))


SpreadInput = Annotated[
    Spread,
    PlainValidator(_spread),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number"},
                {"type": "string", "pattern": f"^{NAME.pattern}$"},
                {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
            ],
            "description": "A number, the name of a parameter, or [lowest, highest].",
        }
    ),
]
