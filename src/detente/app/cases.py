"""The cases that the app holds: packaged ones, uploaded ones, and either with measures added."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from detente.app.limits import Limits, kibibytes
from detente.cases import (
    Case,
    CaseError,
    Fault,
    Marked,
    case_from,
    case_of,
    read_files,
    read_marked,
)
from detente.cases.case_files import CaseFiles
from detente.cases.locate import packaged_paths
from detente.errors import DetenteError

#: What messages call an uploaded file.
FILE = "case.yaml"

T = TypeVar("T")


class UnknownCase(DetenteError, LookupError):
    """A case that this server does not hold, or no longer."""


@dataclass(frozen=True, eq=False)
class Held:
    """A case as the app holds it.

    Attributes:
        id: name of a packaged case, or digest of an uploaded one.
        added: measures that were added to the file, the last of the case.
        key: of the case with what was added.
        text: the file; of a case in several files, all of them as one.
        marked: its data with their lines.
        case: itself, with what was added.
        folder: where its tables may be; only for a file of the person who runs the app.
        alone: whether the text is all of it: no table and no world beside it is read.
    """

    id: str
    added: tuple[dict[str, Any], ...]
    key: str
    text: str = field(repr=False)
    marked: Marked = field(repr=False)
    case: Case = field(repr=False)
    folder: Path | None = None
    alone: bool = True

    @property
    def own_text(self) -> str | None:
        """The file of a case that is not packaged, which another server may not hold."""
        return None if self.id in packaged() else self.text


class Cases:
    """Opens cases, each once; forgets the uploaded one that was used longest ago."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._texts: OrderedDict[str, tuple[str, Marked]] = OrderedDict()
        self._own: dict[str, Held] = {}
        self._lock = threading.Lock()

    def open(self, identifier: str, added: list[dict[str, Any]] | None = None) -> Held:
        """The case of that name or digest, with measures added to it.

        Raises:
            UnknownCase: there is none.
            CaseError: what was added has faults.
        """
        more = added or []
        key = identifier + (":" + _digest(json.dumps(more, sort_keys=True)) if more else "")
        found = self._find(self._held, key)
        if found is not None:
            return found
        own = self._own.get(identifier)
        if own is not None:
            text, marked, folder, alone = own.text, own.marked, own.folder, own.alone
        else:
            (text, marked), folder, alone = self._text(identifier), None, True
        if more:
            case = _with_measures(marked, more, folder)
        elif own is not None:
            return own
        elif identifier in packaged():
            case = case_from(_files(identifier))
        else:
            case = case_of(marked, FILE)
        held = Held(identifier, tuple(more), key, text, marked, case, folder, alone)
        return self._keep(self._held, key, held)

    def take(self, path: Path) -> Held:
        """Take a folder or a file of the person who runs the app; it is never forgotten.

        Raises:
            CaseError: with every fault of the case.
        """
        files = read_files(path)
        case = case_from(files)
        text, marked = files.one_file()
        identifier = _digest(text)
        alone = _alone(marked, files.folder)
        held = Held(identifier, (), identifier, text, marked, case, files.folder, alone)
        self._own[identifier] = held
        return held

    def upload(self, content: bytes) -> Held:
        """Take a case file; the same content is the same case.

        Raises:
            CaseError: with every fault of the file.
        """
        if len(content) > self.limits.file:
            has, most = kibibytes(len(content)), kibibytes(self.limits.file)
            message = f"has {has} KiB; a case file may have {most} KiB."
            raise CaseError([Fault(1, "", message, "Leave out notes or claims.", FILE)], FILE)
        text = _decoded(content)
        identifier = _digest(text)
        found = self._find(self._held, identifier)
        if found is not None:
            return found
        marked = read_marked(text, FILE)
        held = Held(identifier, (), identifier, text, marked, case_of(marked, FILE))
        self._keep(self._texts, identifier, (text, marked))
        return self._keep(self._held, identifier, held)

    def _text(self, identifier: str) -> tuple[str, Marked]:
        found = self._find(self._texts, identifier)
        if found is not None:
            return found
        if identifier not in packaged():
            raise UnknownCase(
                f"This server does not hold the case {identifier[:80]!r}.", "Open its file again."
            )
        return self._keep(self._texts, identifier, _files(identifier).one_file())

    def _find(self, where: OrderedDict[str, T], key: str) -> T | None:
        with self._lock:
            if key in where:
                where.move_to_end(key)
            return where.get(key)

    def _keep(self, where: OrderedDict[str, T], key: str, value: T) -> T:
        with self._lock:
            where[key] = value
            while len(where) > self.limits.cases:
                where.popitem(last=False)
        return value


@cache
def _files(name: str) -> CaseFiles:
    """The files of a packaged case, which are read once."""
    return read_files(name)


@cache
def packaged() -> frozenset[str]:
    """Names of the packaged cases."""
    return frozenset(packaged_paths())


def _alone(marked: Marked, folder: Path) -> bool:
    """Whether a file comes to the same case without what lies beside it."""
    try:
        return case_of(marked, FILE).digest == case_of(marked, FILE, folder).digest
    except CaseError:
        return False


def _with_measures(marked: Marked, added: list[dict[str, Any]], folder: Path | None) -> Case:
    """The case with more measures, checked as a file with them would be.

    Raises:
        CaseError: with the keys under which they would stand, `measures[11].owner`.
    """
    data = {**marked.data, "measures": [*marked.data.get("measures", []), *added]}
    whole = Marked(data, marked.lines, list(marked.faults))
    case = case_of(whole, FILE, folder)
    own = {entry["id"] for entry in added}
    case._added = tuple(m.id for m in case.measures if m.id in own)
    return case


def _decoded(content: bytes) -> str:
    if b"\0" in content:
        message = "is binary, not a text."
        raise CaseError([Fault(1, "", message, "Choose the YAML file of a case.", FILE)], FILE)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"byte {content[error.start]:#04x} is not UTF-8."
        raise CaseError([Fault(line, "", message, "Save it as UTF-8.", FILE)], FILE) from None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
