"""What pydantic found, in the words of the project: what is wrong and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from detente.case.crowds import NAMED
from detente.case.errors import Complaint, Path, did_you_mean
from detente.case.schema import ANALYST

_SAYS = {
    "string_type": ("is {input}, not a text.", "Write a text; put quotes around figures."),
    "bool_type": ("is {input}, not true or false.", "Write true or false, without quotes."),
    "surrogate": ("{message}.", "Write the whole character, or leave it out."),
    "list_type": ("is {input}, not a list.", "Put `- ` before each entry."),
    "tuple_type": ("is {input}, not a list.", "Put `- ` before each entry, or write [a, b]."),
    "dict_type": ("is {input}, not a mapping.", "Write `key: value` lines."),
    "model_type": ("is {input}, not a mapping.", "Write `key: value` lines."),
    "too_short": ("needs at least {min_length}, has {actual_length}.", "Add what is missing."),
    "too_long": ("takes at most {max_length}.", "Remove the rest."),
    "number": ("{message}.", "Write plain figures, such as 0.25."),
    "number_or_name": ("{message}.", "Write plain figures, such as 0.25, or a parameter's name."),
    "size": ("{message}.", "Write 0, or a number from {low} to {high} in size."),
    "day": ("{message}.", "Write it as YYYY-MM-DD."),
    "era": ("{message}.", "Correct the year."),
    "year": ("{message}.", "Write a year such as 2020, a day as YYYY-MM-DD, or words."),
    "blank": ("is empty.", "Fill it in or remove the key."),
    "name": ("{message}.", "Begin with a letter; use letters, digits, - and _ only."),
    "names": ("{message}.", "Write a name, or a list of names."),
    "spread": ("{message}.", "Write a number, a parameter's name, or [lowest, highest]."),
    "day_or_names": ("{message}.", "Write a day, or a list of moves in force."),
    "state": ("{message}.", "Write the id of a state."),
    "ranking": ("{message}.", "List the states from the best to the worst."),
    "point": ("{message}.", "Write [longitude, latitude] in degrees."),
    "code": ("{message}.", "Write two to ten digits in quotes, such as '3104'."),
    "selection": (
        "{message}.",
        "Write a label, a list, a group, '*', 'EU except HUN, SVK' or {{except: [...]}}.",
    ),
    "exception": (
        "{message}.",
        "Write the whole choice as one text in quotes, such as 'EU except HUN, SVK, CZE'.",
    ),
    "exactly_one": ("{message}.", "Write one and remove the others."),
    "address": ("{message}.", "Begin it with https:// and write no spaces."),
}
_SHOWN = 200
_NEEDED = {
    "source": f"Name the publication and its address, or write '{ANALYST}'.",
    "date": "Say which year, day or period it describes.",
    "schema": "Write `schema: 1`.",
    "document": "Name the act that puts it into force.",
    "unit": "Say in what it is measured; `ratio` or `share` for pure numbers.",
}


def complaints(error: ValidationError, model: type[BaseModel]) -> Iterator[Complaint]:
    """Each error as a path, what is wrong and a remedy; of many unknown keys in one place a few."""
    strange: Counter[Path] = Counter()
    for found in error.errors(include_url=False):
        path: Path = tuple(step for step in found["loc"] if step != "[key]")
        if found["type"] == "extra_forbidden":
            strange[path[:-1]] += 1
            if strange[path[:-1]] > NAMED:
                continue
        yield (path, *_words(found["type"], dict(found), path, model))
    for owner, count in strange.items():
        if count > NAMED:
            message = f"has {count:,} keys that are not known here; the first {NAMED} are named."
            yield owner, message, "Correct or remove them."


def _words(kind: str, found: dict[str, Any], path: Path, model: type[BaseModel]) -> tuple[str, str]:
    context = found.get("ctx", {})
    if kind == "missing":
        key = str(path[-1]) if path else "the file"
        return f"{key!r} is missing.", _NEEDED.get(key, "Add the key.")
    if kind == "extra_forbidden":
        if found["input"] is None:
            remedy = "Inside braces, put quotes around a text with commas, as 'EU except HUN, SVK'."
            return f"{str(path[-1])!r} is not a key here and has no value.", remedy
        owner = _model_at(model, path[:-1])
        known = [f.alias or n for n, f in owner.model_fields.items()] if owner else []
        return f"{str(path[-1])!r} is not a key here.", did_you_mean(path[-1], known)
    if kind == "literal_error":
        allowed = [str(x) for x in _literals(str(context.get("expected", "")))]
        if path == ("schema",):
            return (
                f"is {found['input']!r}; this version of détente reads {' or '.join(allowed)}.",
                "Update détente, or write `schema: 1`.",
            )
        message = f"is {_shown(found['input'])}, not one of {', '.join(allowed)}."
        return message, did_you_mean(found["input"], allowed)
    says, remedy = _SAYS.get(kind, ("{message}.", "See docs/case-file.md."))
    words = {"input": _shown(found["input"]), "message": str(found["msg"]).rstrip("."), **context}
    return says.format(**words), remedy.format(**context)


def _literals(expected: str) -> list[str]:
    return [word.strip(" '") for word in expected.replace(" or ", ", ").split(",")]


def _shown(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _model_at(model: type[BaseModel] | None, path: Path) -> type[BaseModel] | None:
    """The model that validates what stands at a path."""
    for step in path:
        if model is None:
            return None
        if isinstance(step, int):
            continue
        fields = {f.alias or n: f for n, f in model.model_fields.items()}
        if step in fields:
            model = _inner(fields[step].annotation)
    return model


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for a in get_args(annotation) if (m := _inner(a)) is not None), None)
