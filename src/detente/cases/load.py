"""Loading a case file: the case, or everything that is wrong with it at once.

`load_case` takes a name or a path, `read_case` a text, and `cases` lists the packaged ones.
`complaints` says what pydantic found in the words of the project: what is wrong and what to do
next.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from detente.cases.case import Case
from detente.cases.check_numbers import number_faults
from detente.cases.check_references import reference_faults
from detente.cases.economy import ANALYST
from detente.cases.errors import CaseError, Complaint, Fault, KeyPath, did_you_mean, dotted
from detente.cases.labels import Labels, checked_labels
from detente.cases.partial_case import Parts, sound_parts
from detente.cases.tables import (
    OBSERVED,
    ORIGINS,
    PRICES,
    REQUIRED,
    Flow,
    find_table,
    no_table,
    read_flows,
)
from detente.cases.yaml_source import NAMED, Marked, read_marked

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
    strange: Counter[KeyPath] = Counter()
    for found in error.errors(include_url=False):
        path: KeyPath = tuple(step for step in found["loc"] if step != "[key]")
        if found["type"] == "extra_forbidden":
            strange[path[:-1]] += 1
            if strange[path[:-1]] > NAMED:
                continue
        yield (path, *_words(found["type"], dict(found), path, model))
    for owner, count in strange.items():
        if count > NAMED:
            message = f"has {count:,} keys that are not known here; the first {NAMED} are named."
            yield owner, message, "Correct or remove them."


def _words(
    kind: str, found: dict[str, Any], path: KeyPath, model: type[BaseModel]
) -> tuple[str, str]:
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


def _model_at(model: type[BaseModel] | None, path: KeyPath) -> type[BaseModel] | None:
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


PACKAGED = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class CaseSummary:
    """A packaged case in a line: the name to load it by, its title and what it is about."""

    name: str
    title: str
    summary: str


def cases() -> tuple[CaseSummary, ...]:
    """The packaged cases, for `load_case`."""
    return tuple(_summary(path) for path in sorted(PACKAGED.glob("*.yaml")))


@cache
def _summary(path: Path) -> CaseSummary:
    data = read_marked(path.read_text(encoding="utf-8"), path.name).data
    return CaseSummary(data["name"], data["title"], data["summary"])


def load_case(name_or_path: str | Path) -> Case:
    """The case of that name, or in that file, checked.

    Args:
        name_or_path: a packaged case (see `cases`), or the path of a YAML file.

    Raises:
        CaseError: with every fault of the file, by line and key.

    Example:
        >>> from detente.cases import load_case
        >>> load_case("belarus").party("US").members
        ('USA',)
    """
    path = _find(name_or_path)
    content = _bytes(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"byte {content[error.start]:#04x} is not UTF-8."
        raise _error(
            path, [Fault(line, "", message, "Save the file as UTF-8.", path.name)]
        ) from None
    return _build(path, content, read_marked(text, path.name), path.parent)


def read_case(text: str, name: str = "case.yaml") -> Case:
    """A case from text alone, for files of strangers: no other file is read but bundled tables.

    Args:
        text: the YAML.
        name: what messages call it.

    Raises:
        CaseError: with every fault, by line and key; a table or a world beside the file is one.
    """
    return case_of(read_marked(text, name), text, name)


def case_of(marked: Marked, text: str, name: str = "case.yaml", folder: Path | None = None) -> Case:
    """As `read_case`, from data that were read before.

    Args:
        marked: the data.
        text: what the digest is of.
        name: what messages call it.
        folder: where its tables and its world may be; only bundled ones are read if None.
    """
    path = Path(name) if folder is None else folder / name
    return _build(path, text.encode(), marked, folder)


def _find(name_or_path: str | Path) -> Path:
    packaged = {p.stem: p for p in PACKAGED.glob("*.yaml")}
    if str(name_or_path) in packaged:
        return packaged[str(name_or_path)]
    path = Path(name_or_path)
    try:
        if path.exists():
            return path
    except OSError:
        pass
    near = did_you_mean(name_or_path, packaged)
    message = f"there is no packaged case and no file {str(name_or_path)!r}."
    raise CaseError([Fault(0, "", message, near)])


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        fault = Fault(1, "", "is a folder, not a file.", "Name the YAML file in it.", path.name)
        raise _error(path, [fault])
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}."
        raise _error(path, [Fault(1, "", message, "Check the file's rights.", path.name)]) from None


def _build(path: Path, content: bytes, marked: Marked, folder: Path | None) -> Case:
    faults = list(marked.faults)
    if not isinstance(marked.data, dict):
        if not faults:
            message = "is not a mapping of keys to values."
            faults.append(Fault(1, "", message, "Start with `schema: 1`.", path.name))
        raise _error(path, faults)
    case: Case | None = None
    try:
        case = Case.model_validate(marked.data)
    except ValidationError as error:
        faults += _located(marked, path, complaints(error, Case))
    parts = sound_parts(marked.data)
    labels, world_faults = checked_labels(parts.world, folder)
    faults += _located(marked, path, world_faults)
    faults += _located(marked, path, reference_faults(parts, labels))
    faults += _located(marked, path, number_faults(parts))
    faults += _located(marked, path, _observed_faults(parts, folder))
    tables, flow_faults, digest = _tables(parts, labels, marked, path, content, folder)
    faults += flow_faults
    if faults or case is None:
        raise _error(path, faults)
    case._path, case._digest, case._flows = path if folder else None, digest, tables
    return case


def _tables(
    parts: Parts,
    labels: Labels | None,
    marked: Marked,
    path: Path,
    content: bytes,
    folder: Path | None,
) -> tuple[dict[str, tuple[Flow, ...]], list[Fault], str]:
    """The flows of each commodity, their faults, and the digest of file and flows."""
    digest = hashlib.sha256(content)
    tables: dict[str, tuple[Flow, ...]] = {}
    faults: list[Fault] = []
    for index, commodity in parts.commodities.items():
        steps: KeyPath = ("commodities", index, "flows")
        table = find_table(commodity.flows, folder)
        try:
            raw = table.read_bytes() if table else b""
            text = raw.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            message = f"{commodity.flows!r} cannot be read: {error}."
            faults += _located(marked, path, [(steps, message, "Save it as a UTF-8 csv.")])
            continue
        if table is None:
            faults += _located(marked, path, [no_table(steps, commodity.flows, *REQUIRED)])
            continue
        digest.update(raw)
        flows, bad = read_flows(text, table.name, labels.countries if labels else None)
        tables[commodity.name] = flows
        faults += [Fault(f.line, dotted(steps), f.message, f.remedy, f.file) for f in bad]
    return tables, faults, digest.hexdigest()


def _observed_faults(parts: Parts, folder: Path | None) -> Iterator[Complaint]:
    for index, commodity in parts.commodities.items():
        for key, columns in (("observed", OBSERVED), ("observed_prices", PRICES)):
            name: str | None = getattr(commodity, key)
            if name is not None and find_table(name, folder) is None:
                yield no_table(("commodities", index, key), name, *columns)

    given = parts.backtest and parts.backtest.reassigned
    if given:
        where = ("backtest", "reassigned")
        if find_table(given.flows, folder) is None:
            yield no_table((*where, "flows"), given.flows, *OBSERVED)
        if find_table(given.origins, folder) is None:
            yield no_table((*where, "origins"), given.origins, *ORIGINS)


def _located(marked: Marked, path: Path, found: Iterable[tuple[KeyPath, Any, Any]]) -> list[Fault]:
    return [
        Fault(marked.line(steps), dotted(steps), message, remedy, path.name)
        for steps, message, remedy in found
    ]


def _error(path: Path, faults: list[Fault]) -> CaseError:
    return CaseError(faults, path.name)
