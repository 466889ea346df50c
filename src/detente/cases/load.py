"""Loading a case: the case, or everything that is wrong with its files at once.

`load_case` takes a name or a path, `read_case` a text, and `cases` lists the packaged ones.
`content_digest` identifies what a case says. `complaints` says what pydantic found in the words of
the project: what is wrong and what to do next.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from detente._document import plain
from detente._near import did_you_mean
from detente.cases.case import Case
from detente.cases.case_files import INCLUDE, CaseFiles, left_out, read_files
from detente.cases.check_numbers import number_faults
from detente.cases.check_references import reference_faults
from detente.cases.economy import ANALYST
from detente.cases.errors import (
    CaseError,
    Complaint,
    Fault,
    KeyPath,
    dotted,
)
from detente.cases.goods import Expansion, flow_bytes, with_goods
from detente.cases.joint_owners import each_with_one_owner
from detente.cases.labels import Labels, checked_labels
from detente.cases.locate import CASE_FILE, episode_paths, known_paths, packaged_paths, title_of
from detente.cases.migration import PRESENT, as_before, as_written, in_present_schema
from detente.cases.partial_case import Parts, sound_parts, world_of_data
from detente.cases.tables import (
    OBSERVED,
    ORIGINS,
    PRICES,
    Flow,
    FlowsFile,
    find_table,
    flows_file,
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
    "owner": ("{message}.", "Write the id of a party, or a list of different ids."),
    "names": ("{message}.", "Write a name, or a list of names."),
    "spread": ("{message}.", "Write a number, a parameter's name, or [lowest, highest]."),
    "day_or_names": ("{message}.", "Write a day, or a list of moves in force."),
    "state": ("{message}.", "Write the id of a state."),
    "ranking": ("{message}.", "List the states from the best to the worst."),
    "point": ("{message}.", "Write [longitude, latitude] in degrees."),
    "code": ("{message}.", "Write two to ten digits in quotes, such as '3104'."),
    "selection": (
        "{message}.",
        "Write a label, a list, a group, '*', 'EU except HUN, SVK', or '* except EU' for the whole "
        "world but these.",
    ),
    "whole_world": (
        "{message}, which could mean two things.",
        "Write 'EU except HUN, SVK' for a group without some, or '* except EU, RUS' for the whole "
        "world without some.",
    ),
    "exception": (
        "{message}.",
        "Write the whole choice as one text in quotes, such as 'EU except HUN, SVK, CZE'.",
    ),
    "no_link": (
        "{message}.",
        "Write its address, or say under `note` why it has none, as 'no public text'.",
    ),
    "rent": ("{message}.", "Leave `rent` out, or leave `beyond` out."),
    "exactly_one": ("{message}.", "Write one and remove the others."),
    "address": ("{message}.", "Begin it with https:// and write no spaces."),
}
_SHOWN = 200
_NEEDED = {
    "source": f"Name the publication and its address, or write '{ANALYST}'.",
    "date": "Say which year, day or period it describes.",
    "schema": f"Write `schema: {PRESENT}`.",
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
                f"is {found['input']!r}; this version of détente reads 1 and {PRESENT}.",
                f"Update détente, or write `schema: {PRESENT}`.",
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


@dataclass(frozen=True)
class CaseSummary:
    """A packaged case in a line: the name to load it by, its title and what it is about."""

    name: str
    title: str
    summary: str


def cases() -> tuple[CaseSummary, ...]:
    """The packaged cases, for `load_case`.

    Returns:
        tuple: name, title and summary of each.
    """
    return tuple(_summary(name, path) for name, path in packaged_paths().items())


def episodes() -> tuple[CaseSummary, ...]:
    """The packaged episodes, cases that hold a forecast against what came, for `load_case`.

    Returns:
        tuple: name, title and summary of each.
    """
    return tuple(_summary(name, path) for name, path in episode_paths().items())


#: Keys of a packaged case, each with the lines that belong to it.
_HEAD = re.compile(r"^(?:title|summary):.*\n(?:[ ].*\n|\n)*", re.MULTILINE)


@cache
def _summary(name: str, path: Path) -> CaseSummary:
    # The head of the file is enough, which is read in a hundredth of the time.
    head = "".join(_HEAD.findall(path.read_text(encoding="utf-8")))
    data = read_marked(head, path.name).data
    return CaseSummary(name, data["title"], data["summary"])


def is_case(name: str) -> bool:
    """Whether a name is that of a case, packaged or in files, rather than of a world.

    Args:
        name: of a case or of a world, or a path.

    Returns:
        bool: true for a packaged case or episode, a YAML file, and a folder with a `case.yaml`.
    """
    in_files = name.endswith((".yaml", ".yml")) or Path(name, CASE_FILE).is_file()
    return in_files or name in known_paths()


def load_case(name_or_path: Case | str | Path) -> Case:
    """The case of that name, or in that folder or file, checked; one that is loaded passes through.

    Args:
        name_or_path: a packaged case (see `cases`), a folder with a `case.yaml`, or the path of a
            YAML file.

    Returns:
        Case: checked, with the tables that it names.

    Raises:
        CaseError: with every fault of its files, by file, line and key.

    Example:
        >>> from detente.cases import load_case
        >>> load_case("belarus").party("US").members
        ('USA',)
    """
    if isinstance(name_or_path, Case):
        return name_or_path
    return case_from(read_files(name_or_path))


def case_from(files: CaseFiles) -> Case:
    """The case in files that were read before, checked.

    Args:
        files: from `read_files`.

    Returns:
        Case: checked, with the tables that it names.

    Raises:
        CaseError: with every fault, by file, line and key.
    """
    title = title_of(files.path)
    if files.incomplete:
        # What the missing keys would hold is missed everywhere: only the files are spoken of.
        raise CaseError(files.marked.faults, title)
    beside = left_out((files.path, *files.included))
    try:
        case = _build(files.path, files.marked, files.folder, title)
    except CaseError as error:
        raise CaseError([*error.faults, *beside], title) from None
    case._included = files.included
    case._remarks += tuple(map(str, beside))
    return case


def read_case(text: str, name: str = "case.yaml") -> Case:
    """A case from text alone, for files of strangers: no other file is read but bundled tables.

    Args:
        text: the YAML.
        name: what messages call it.

    Returns:
        Case: checked, with its digest.

    Raises:
        CaseError: with every fault, by line and key; a table, a world or another file of the case
            beside the file is one.
    """
    return case_of(read_marked(text, name), name)


def case_of(marked: Marked, name: str = "case.yaml", folder: Path | None = None) -> Case:
    """As `read_case`, from data that were read before.

    Args:
        marked: the data.
        name: what messages call it.
        folder: where its tables and its world may be; only bundled ones are read if None.

    Returns:
        Case: checked, with its digest.

    Raises:
        CaseError: as in `read_case`.
    """
    path = Path(name) if folder is None else folder / name
    if isinstance(marked.data, dict) and marked.data.get(INCLUDE):
        names = marked.data[INCLUDE]
        which = ", ".join(map(str, names)) if isinstance(names, list) else str(names)
        message = f"this is one file of a case, which needs {which[:200]} as well."
        found = Fault(marked.line((INCLUDE,)), INCLUDE, message, _WHOLE_FOLDER, name)
        raise CaseError([found], name)
    return _build(path, replace(marked, file=name), folder, name)


_WHOLE_FOLDER = (
    "Give the folder to a command, as in `detente serve FOLDER`, or write the content of those "
    "files into this one in place of `include`."
)


def content_digest(data: dict[str, Any], tables: Iterable[bytes] = ()) -> str:
    """SHA-256 of what a case says and of its tables.

    The same content has the same digest, whatever the files it stands in, the order of their keys,
    their comments and the schema.

    Args:
        data: the keys of the case, from all its files.
        tables: as they are on file.
    """
    before = as_before(data)
    content = {key: before[key] for key in sorted(before) if key != INCLUDE}
    text = json.dumps(plain(content), separators=(",", ":"))
    digest = hashlib.sha256(text.encode())
    for table in tables:
        digest.update(table)
    return digest.hexdigest()


def _build(path: Path, source: Marked, folder: Path | None, title: str) -> Case:
    faults = list(source.faults)
    if not isinstance(source.data, dict):
        if not faults:
            message = "is not a mapping of keys to values."
            faults.append(Fault(1, "", message, f"Start with `schema: {PRESENT}`.", path.name))
        raise CaseError(faults, title)
    present = in_present_schema(source, title)
    several = each_with_one_owner(present.marked)
    marked = several.marked
    faults += present.faults
    labels, world_faults = checked_labels(world_of_data(marked.data), folder, marked.data)
    whole = with_goods(marked.data, labels.world if labels else None)

    def located(found: Iterable[Complaint]) -> list[Fault]:
        # A fault stands under the key that the file has, once for all owners of a measure.
        places = {
            (
                as_written(as_written(whole.written(p), several.written), present.written),
                message,
                remedy,
            ): None
            for p, message, remedy in found
        }
        return [marked.fault(*one) for one in places]

    case: Case | None = None
    try:
        case = Case.model_validate(whole.data)
    except ValidationError as error:
        faults += located(complaints(error, Case))
    parts = sound_parts(whole.data)
    faults += located(world_faults)
    faults += located(whole.faults)
    faults += located(reference_faults(parts, labels))
    faults += located(number_faults(parts))
    faults += located(_observed_faults(parts, folder))
    tables, raw, missing, rows = _tables(parts, labels, folder, whole)
    faults += [*located(missing), *rows]
    if faults or case is None:
        raise CaseError(faults, title)
    case._path, case._flows = path if folder else None, tables
    case._repairs, case._assumptions = whole.repairs, whole.notes
    case._digest = content_digest(whole.data, raw)
    case._substance = content_digest(
        {key: value for key, value in whole.data.items() if key != "scenarios"}, raw
    )
    case._remarks = tuple(
        str(marked.fault(as_written(p, present.written), message, remedy))
        for p, message, remedy in present.remarks
    )
    return case


def _tables(
    parts: Parts, labels: Labels | None, folder: Path | None, whole: Expansion
) -> tuple[dict[str, tuple[Flow, ...]], list[bytes], list[Complaint], list[Fault]]:
    """The flows of each commodity, the tables as on file, what is missing, and faults of rows."""
    tables: dict[str, tuple[Flow, ...]] = dict(whole.flows)
    files: list[bytes] = flow_bytes(whole.flows)
    missing: list[Complaint] = []
    faults: list[Fault] = []
    for index, commodity in parts.commodities.items():
        steps: KeyPath = ("commodities", index, "flows")
        if steps[:2] in whole.places:
            continue  # a good of the product layer, whose flows are there
        found = flows_file(steps, commodity.flows, folder)
        if not isinstance(found, FlowsFile):
            missing.append(found)
            continue
        files.append(found.raw)
        flows, bad = read_flows(found.text, found.name, labels.countries if labels else None)
        tables[commodity.name] = flows
        faults += [Fault(f.line, dotted(steps), f.message, f.remedy, f.file) for f in bad]
    return tables, files, missing, faults


def _observed_faults(parts: Parts, folder: Path | None) -> Iterator[Complaint]:
    for index, commodity in parts.commodities.items():
        for key, columns in (("observed", OBSERVED), ("observed_prices", PRICES)):
            name: str | None = getattr(commodity, key)
            if name is not None and find_table(name, folder) is None:
                yield no_table(("commodities", index, key), name, folder, *columns)

    given = parts.record and parts.record.reassigned
    if given:
        where = ("record", "reassigned")
        if find_table(given.flows, folder) is None:
            yield no_table((*where, "flows"), given.flows, folder, *OBSERVED)
        if find_table(given.origins, folder) is None:
            yield no_table((*where, "origins"), given.origins, folder, *ORIGINS)
