"""Where cases lie: packaged ones by their names, others by the path of a folder or a file.

A case is a folder with the file `case.yaml`, or one YAML file of any name. `case_path` finds the
file of either, and `title_of` is what messages call it.
"""

from __future__ import annotations

from pathlib import Path

from detente._near import did_you_mean
from detente.cases.errors import CaseError, Fault

#: The file of a case that is a folder.
CASE_FILE = "case.yaml"
PACKAGED = Path(__file__).parent / "packaged"
#: Cases that hold only what was forecast and what came of it; they are named `episodes/NAME`.
EPISODES = Path(__file__).parent / "episodes"


def packaged_paths() -> dict[str, Path]:
    """The case file of every packaged case, by the name that it is loaded by."""
    return _folders(PACKAGED, "")


def episode_paths() -> dict[str, Path]:
    """The case file of every packaged episode, by the name that it is loaded by."""
    return _folders(EPISODES, f"{EPISODES.name}/")


def known_paths() -> dict[str, Path]:
    """The case file of everything that goes by a name: packaged cases and episodes."""
    return packaged_paths() | episode_paths()


def _folders(where: Path, before: str) -> dict[str, Path]:
    found = sorted(where.glob(f"*/{CASE_FILE}"))
    return {f"{before}{path.parent.name}": path for path in found}


def title_of(path: Path) -> str:
    """A case file as messages name it: with its folder where its own name says nothing."""
    return f"{path.resolve().parent.name}/{path.name}" if path.name == CASE_FILE else path.name


def short_name(path: Path) -> str:
    """What a command takes for a case file: a packaged name, or its folder or file from beside."""
    if path.name != CASE_FILE:
        return path.name
    before = f"{EPISODES.name}/" if path.is_relative_to(EPISODES) else ""
    return f"{before}{path.resolve().parent.name}"


def case_path(name_or_path: str | Path) -> Path:
    """The case file of a packaged case, an episode, a folder or a file.

    Raises:
        CaseError: there is none of that name, or a folder has no `case.yaml`.
    """
    known = known_paths()
    if str(name_or_path) in known:
        return known[str(name_or_path)]
    path = Path(name_or_path)
    try:
        folder, there = path.is_dir(), path.exists()
    except (OSError, ValueError):
        folder = there = False
    if folder:
        return _in_folder(path)
    if there:
        return path
    near = did_you_mean(name_or_path, known)
    message = f"there is no packaged case and no file or folder {str(name_or_path)!r}."
    raise CaseError([Fault(0, "", message, near)])


def _in_folder(folder: Path) -> Path:
    path = folder / CASE_FILE
    if path.exists():
        return path
    name = folder.resolve().name
    others = sorted(p.name for p in folder.glob("*.y*ml"))
    remedy = f"Name the file of the case {CASE_FILE}"
    if others:
        more = ", …" if len(others) > 5 else ""
        remedy += f", or give the path of a file in it: {', '.join(others[:5])}{more}"
    message = f"is a folder without {CASE_FILE}."
    raise CaseError([Fault(0, "", message, f"{remedy}.")], name)
