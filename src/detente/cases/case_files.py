"""The files of a case: the case file and those that it includes, read as one document.

`read_files` reads them all and merges their keys, each of which stands in one of them; `CaseFiles`
is the result. What is wrong with a file is collected, as in `read_marked`, and says which file it
is. `one_file` writes the same case as a single file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PureWindowsPath
from typing import Any

from detente._document import plain
from detente._near import did_you_mean
from detente.cases.case_data import CaseData
from detente.cases.errors import CaseError, Fault
from detente.cases.locate import CASE_FILE, case_path, title_of
from detente.cases.migration import RENAMED
from detente.cases.yaml_source import MOST_ITEMS, MOST_KEYS, Marked, crowd_faults, read_marked

INCLUDE = "include"
#: Files that a case may include, and what all its files may have together. The largest packaged
#: case includes three and has 150 KiB.
MOST_FILES = 20
MOST_BYTES = 4 * 1024 * 1024
_OWN_INCLUDE = re.compile(rf"(?m)^{INCLUDE}:.*\n(?:[ \t-].*(?:\n|\Z))*")
_HINT = re.compile(r"(?m)^# yaml-language-server:.*\n")
_OWN_KEY = re.compile(r"(?m)^([a-z_]+):")
_ANCHOR = re.compile(r"(?m)(?:^|[\s,\[{])&([^\s,\[\]{}]+)")


@dataclass(frozen=True, eq=False)
class CaseFiles:
    """A case as it was read from its files, before anything of it is checked.

    Attributes:
        path: the case file.
        included: the files that it includes, in its order.
        marked: the keys of all files, with their files and lines; its own `include` among them.
        texts: the text of each file, the case file first.
        incomplete: whether a file that it includes could not be read, so that keys are lacking.
    """

    path: Path
    included: tuple[Path, ...] = ()
    marked: Marked = field(default_factory=Marked, repr=False)
    texts: tuple[str, ...] = field(default=(), repr=False)
    incomplete: bool = False

    @property
    def folder(self) -> Path:
        """Where its tables and its world are looked for."""
        return self.path.parent

    def one_file(self) -> tuple[str, Marked]:
        """The whole case as one text, comments kept where that can be, and what it reads as."""
        first, *rest = self.texts
        if not self.included:
            return first, self.marked
        wanted = {k: v for k, v in self.marked.data.items() if k != INCLUDE}
        parts = [_OWN_INCLUDE.sub("", first), *(_HINT.sub("", text) for text in rest)]
        anchors = [name for part in parts for name in set(_ANCHOR.findall(part))]
        if len(set(anchors)) == len(anchors):
            text = "\n".join(f"{part.strip(_BLANK)}\n" for part in parts)
            read = read_marked(text, self.path.name)
            if not read.faults and read.data == wanted:
                return text, read
        text = yaml_text(plain(wanted))
        return text, read_marked(text, self.path.name)


_BLANK = "\ufeff \t\r\n"


def read_files(name_or_path: str | Path) -> CaseFiles:
    """All files of a case; what is wrong with them is among the faults of `marked`.

    Args:
        name_or_path: a packaged case, a folder with a `case.yaml`, or a case file.

    Returns:
        CaseFiles: the paths, their content with lines, and the faults found so far.

    Raises:
        CaseError: there is no such case, or its case file cannot be read.

    Example:
        >>> from detente.cases import read_files
        >>> [path.name for path in read_files("elmira").included]
        ['negotiation.yaml']
    """
    path = case_path(name_or_path)
    text, fault = _text_of(path, path.name)
    if fault is not None:
        raise CaseError([fault], title_of(path))
    marked = read_marked(text, path.name)
    if not isinstance(marked.data, dict):
        return CaseFiles(path, (), marked, (text,))
    _whole_case(path, marked)
    parts, faults = _included(path, marked, text)
    crowd = _crowd([text, *parts.values()], marked)
    if crowd is not None:
        return CaseFiles(path, (), replace(marked, faults=[crowd]), (text,), incomplete=True)
    whole = replace(
        marked,
        data=dict(marked.data),
        faults=[*marked.faults, *faults],
        files=dict.fromkeys(map(str, marked.data), path.name),
    )
    read = {name: read_marked(part, name) for name, part in parts.items()}
    for part in read.values():
        _merge(whole, part)
    missing = bool(faults) or not all(isinstance(part.data, dict) for part in read.values())
    included = tuple(path.parent / name for name in parts)
    return CaseFiles(path, included, whole, (text, *parts.values()), incomplete=missing)


def _text_of(path: Path, name: str) -> tuple[str, Fault | None]:
    """The text of a file, or what is wrong with it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}."
        return "", Fault(1, "", message, "Check the file's rights.", name)
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"byte {content[error.start]:#04x} is not UTF-8."
        return "", Fault(line, "", message, "Save the file as UTF-8.", name)


def _whole_case(path: Path, marked: Marked) -> None:
    """Refuse a file that is only a part of the case beside it, which lacks half of what it needs.

    Raises:
        CaseError: it is one.
    """
    beside = path.parent / CASE_FILE
    if "schema" in marked.data or path.name == CASE_FILE or not beside.is_file():
        return
    if path.name in _text_of(beside, CASE_FILE)[0]:
        message = f"is a part of the case in {title_of(beside)}, not a case."
        raise CaseError(
            [Fault(0, "", message, f"Name the folder, or {CASE_FILE} in it.")], path.name
        )


def _included(path: Path, marked: Marked, text: str) -> tuple[dict[str, str], list[Fault]]:
    """The text of each file that the case file includes, and what is wrong with the others."""
    names = marked.data.get(INCLUDE, [])
    if not isinstance(names, list):
        return {}, [marked.fault((INCLUDE,), "is not a list of files.", _LIST)]
    if len(names) > MOST_FILES:
        message = f"names {len(names):,} files; a case may include {MOST_FILES}."
        return {}, [marked.fault((INCLUDE,), message, "Write several of them as one.")]
    texts: dict[str, str] = {}
    faults = []
    left = MOST_BYTES - len(text.encode())
    for place, name in enumerate(names):
        wrong = _misnamed(path, name) or _not_a_part(path, name, texts)
        size = 0 if wrong else (path.parent / name).stat().st_size
        if size > left:
            most = MOST_BYTES // 1024
            message = f"{name!r} has {size // 1024:,} KiB; a case may have {most:,} in all."
            wrong = message, "Put long tables into .csv files."
        if wrong is not None:
            faults.append(marked.fault((INCLUDE, place), *wrong))
            continue
        left -= size
        part, unread = _text_of(path.parent / name, name)
        if unread is None:
            texts[name] = part
        else:
            faults.append(unread)
    return texts, faults


def _misnamed(path: Path, name: Any) -> tuple[str, str] | None:
    """Why a name is not one of a file in the folder of the case file; None where it can be."""
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        return "is not the name of a file.", _LIST
    if "\\" in name or PureWindowsPath(name).anchor:
        return f"{name!r} is not a path inside the folder.", _RELATIVE
    away = f"{name!r} leads out of the folder of {path.name}."
    if ".." in name.split("/"):
        return away, "Move the file into the folder, and name it from there."
    if not (path.parent / name).resolve().is_relative_to(path.parent.resolve()):
        return away, "Copy the file into the folder; a link to another place is not followed."
    return None


def _not_a_part(path: Path, name: str, before: Iterable[str]) -> tuple[str, str] | None:
    """Why a file cannot be included beside those named before; None where it can."""
    file = path.parent / name
    if file.is_file():
        if file.samefile(path):
            return f"{name!r} is the case file itself.", "Remove it from the list."
        real = file.resolve()
        again = any((path.parent / other).resolve() == real for other in before)
        return (f"{name!r} stands twice.", "Keep one of the two.") if again else None
    if file.exists():
        return f"{name!r} is not a file.", "Name a YAML file."
    others = sorted(p.name for p in path.parent.glob("*.y*ml") if p.name != path.name)
    near = did_you_mean(name, others) or "Write the file, or remove it from the list."
    return f"there is no file {name!r} beside {path.name}.", near


_LIST = f"Write a list of files of the folder, such as `{INCLUDE}: [negotiation.yaml]`."
_RELATIVE = "Write it from the folder of the case file on, with / between names: negotiation.yaml."


def left_out(files: tuple[Path, ...]) -> tuple[Fault, ...]:
    """A word on each file beside a `case.yaml` that looks like a part of it and is not included.

    Args:
        files: of the case, the case file first.
    """
    if not files or files[0].name != CASE_FILE:
        return ()
    names = sorted(p.name for p in files[0].parent.glob("*.y*ml") if p not in files)
    found = []
    for name in names:
        text, fault = _text_of(files[0].parent / name, name)
        own = set(_OWN_KEY.findall(text)) if fault is None else set()
        keys = own & (CaseData.model_fields.keys() | RENAMED.keys())
        if keys and "schema" not in own:
            remedy = f"Add it under `{INCLUDE}` in {CASE_FILE}, or move it away."
            message = f"{name} holds `{min(keys)}` and is not a part of the case."
            found.append(Fault(1, INCLUDE, message, remedy, CASE_FILE))
    return tuple(found)


def _crowd(texts: list[str], marked: Marked) -> Fault | None:
    """The fault of files that are no crowd alone and one together."""
    keys, items = (sum(text.count(c) for text in texts for c in marks) for marks in (":", ",-?"))
    if keys <= MOST_KEYS and items <= MOST_ITEMS:
        return None  # An upper bound of both, which costs nothing.
    if len(texts) < 2 or any(crowd_faults(text, "") for text in texts):
        return None
    found = crowd_faults("\n".join(texts), "")
    if not found:
        return None
    return marked.fault((INCLUDE,), f"with all its files, the case {found[-1].message}", "")


def _merge(marked: Marked, part: Marked) -> None:
    """Add the keys of a file to those that were read before."""
    marked.faults += part.faults
    if not isinstance(part.data, dict):
        if not part.faults:
            message = "is not a mapping of keys to values."
            remedy = "Write keys of the case in it, such as `negotiation:`."
            marked.faults.append(Fault(1, "", message, remedy, part.file))
        return
    taken = set()
    for key, value in part.data.items():
        if key == INCLUDE:
            message = f"only {marked.file} includes files."
            remedy = f"Name them under `{INCLUDE}` in {marked.file}."
            marked.faults.append(part.fault((key,), message, remedy))
            taken.add(key)
        elif key in marked.data:
            where = f"{marked.files[key]}:{marked.line((key,))}"
            message = f"stands in {where}, too; a key of a case stands in one of its files."
            marked.faults.append(part.fault((key,), message, "Write both under one of the two."))
            taken.add(key)
        else:
            marked.data[key] = value
            marked.files[key] = part.file
    for path, line in part.lines.items():
        if path and path[0] not in taken:
            marked.lines[path] = line


def without_key(text: str, key: str) -> str:
    """A text without one of its sections."""
    return re.sub(rf"(?ms)^{key}:.*?(?=^[A-Za-z_]|\Z)", "", text)


def yaml_text(data: Any) -> str:
    """Plain data as YAML, in blocks, in their order."""
    from ruamel.yaml import YAML

    out = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 100
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.dump(data, out)
    return out.getvalue()
