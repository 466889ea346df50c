"""The migration of a case: all its files rewritten into the present schema, or none.

`migration_of` reads a case file with those that it includes and says what each is to hold.
`CaseMigration` is the result, which is whole if it says what the files said before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detente.cases.case_files import INCLUDE, read_files
from detente.cases.errors import CaseError, Fault
from detente.cases.locate import known_paths, title_of
from detente.cases.migration import PRESENT, in_present_schema, migrated
from detente.cases.yaml_source import read_marked


@dataclass(frozen=True)
class CaseMigration:
    """What the files of a case are to hold in the present schema.

    Attributes:
        title: of the case file, for messages.
        texts: of each file that changes, what it is to hold; empty where the case is not whole.
        done: what was changed, each with file, line and key.
        left: what could not be changed, with what to do by hand.
    """

    title: str
    texts: dict[Path, str] = field(repr=False)
    done: tuple[Fault, ...] = ()
    left: tuple[Fault, ...] = ()

    def sentences(self, *, written: bool = True) -> Iterator[str]:
        """What was changed, or why nothing was.

        Args:
            written: whether the files are replaced.
        """
        if not self.done and not self.left:
            yield f"{self.title} is in schema {PRESENT} already; nothing is to be done."
            return
        for found in self.left:
            yield f"- {found}"
        if self.left:
            yield "Nothing was written. Change this by hand, then run the command again."
            return
        for found in self.done:
            yield f"- {found}"
        files = ", ".join(path.name for path in self.texts)
        yield f"{'Rewritten' if written else 'To be rewritten'} in schema {PRESENT}: {files}."


def migration_of(name: str | Path) -> CaseMigration:
    """What a case of an earlier schema is in the present one.

    Args:
        name: a case file, or a folder with a `case.yaml`.

    Raises:
        CaseError: the files cannot be read, or are of no schema that is known.
    """
    if str(name) in known_paths():
        message = f"{name} is a packaged case, which is in the present schema."
        raise CaseError([Fault(0, "", message, "Name a file of your own.")], str(name))
    files = read_files(name)
    title, marked = title_of(files.path), files.marked
    if marked.faults or not isinstance(marked.data, dict):
        raise CaseError(marked.faults, title)
    schema = marked.data.get("schema")
    if schema == PRESENT:
        return CaseMigration(title, {})
    if schema != 1:
        message = "is missing." if schema is None else f"is {schema!r}, which is not known here."
        raise CaseError([marked.fault(("schema",), message, "Write `schema: 1`.")], title)
    paths = (files.path, *files.included)
    found = [
        migrated(text, path.name, head=path == files.path)
        for path, text in zip(paths, files.texts, strict=True)
    ]
    done = tuple(fault for one in found for fault in one.done)
    left = tuple(fault for one in found for fault in one.left)
    texts = {path: one.text for path, one in zip(paths, found, strict=True) if one.changed}
    if not left:
        wanted = _without_include(in_present_schema(marked).marked.data)
        after: dict[str, Any] = {}
        for one in found:
            after |= read_marked(one.text, one.file).data
        if _without_include(after) != wanted:
            message = "would not say the same after the migration."
            left = (Fault(0, "", message, "Send the file to the authors of détente.", title),)
    return CaseMigration(title, {} if left else texts, done, left)


def _without_include(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != INCLUDE}
