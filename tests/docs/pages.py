"""Run the examples of the documentation and keep what the pages print true.

python tests/docs/pages.py          says which outputs differ
python tests/docs/pages.py --write  writes the outputs into the pages

A `python` or `console` block that is followed by a `text` block is an example with its output.
The python blocks of a page share their names, and run in a folder in which every block with a title
is a file of that name. Lines of `sh` and `console` blocks that call the program are its commands.
The notebooks hold what their cells gave when they ran last, pictures included.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PAGES = sorted((ROOT / "docs").rglob("*.md"))
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
_FENCE = re.compile(
    r"^```(?P<language>\w*)(?: +title=\"(?P<title>[^\"]+)\")?\n(?P<source>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_NUMBER = re.compile(r"[-+−]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?")
BEGIN, END = "<!-- horizons: begin -->", "<!-- horizons: end -->"


@dataclass(frozen=True)
class Block:
    """An example of a page.

    Attributes:
        language: `python` or `console`.
        source: what is run.
        output: what the page says it prints; None where it says nothing.
        span: where that output stands in the page.
    """

    language: str
    source: str
    output: str | None
    span: tuple[int, int]


def blocks(text: str) -> list[Block]:
    """The examples of a page, in order."""
    found = list(_FENCE.finditer(text))
    out = []
    for k, match in enumerate(found):
        if match["language"] not in ("python", "console"):
            continue
        follower = found[k + 1] if k + 1 < len(found) else None
        adjacent = (
            follower is not None
            and follower["language"] == "text"
            and not text[match.end() : follower.start()].strip()
        )
        out.append(
            Block(
                match["language"],
                match["source"],
                follower["source"] if adjacent and follower else None,
                follower.span("source") if adjacent and follower else (0, 0),
            )
        )
    return out


def files(text: str) -> dict[str, str]:
    """The blocks of a page that are files, by name."""
    return {match["title"]: match["source"] for match in _FENCE.finditer(text) if match["title"]}


def commands(text: str) -> list[list[str]]:
    """The words of every line that gives the program a command, without those of the shell."""
    out = []
    for match in _FENCE.finditer(text):
        if match["language"] in ("sh", "console"):
            for line in match["source"].splitlines():
                words = shlex.split(line.removeprefix("$ "), comments=True)
                if len(words) > 1 and words[0] == "detente":
                    end = next((k for k, word in enumerate(words) if word in (">", "|")), None)
                    out.append(words[:end])
    return out


def write_files(text: str, folder: Path) -> None:
    """Write the files of a page into a folder."""
    for name, content in files(text).items():
        folder.joinpath(name).write_text(content, "utf-8")


def run_python(source: str, names: dict[str, Any]) -> str:
    """What a python block prints; its names are kept in `names`."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, "<example>", "exec"), names)
    return printed.getvalue()


def run_console(source: str, folder: Path) -> str:
    """What the commands of a console block print, in the terminal width of the pages."""
    commands = [line[2:] for line in source.splitlines() if line.startswith("$ ")]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    printed = []
    for command in commands:
        done = subprocess.run(
            command,
            shell=True,
            cwd=folder,
            env={**os.environ, "PATH": path, "COLUMNS": "96", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr}")
        lines = (line.rstrip() for line in done.stdout.splitlines())
        printed.append("\n".join(lines).strip("\n") + "\n")
    return "\n".join(printed)


def same(stated: str, printed: str) -> bool:
    """Equal words, and numbers equal to a thousandth or to the last digit that is printed."""
    if _NUMBER.sub("#", stated).split() != _NUMBER.sub("#", printed).split():
        return False
    pairs = zip(_NUMBER.findall(stated), _NUMBER.findall(printed), strict=True)
    return all(_near(a, b) for a, b in pairs)


def _near(a: str, b: str) -> bool:
    x, y = (float(s.replace(",", "").replace("−", "-")) for s in (a, b))
    digits = len(a.split(".")[1]) if "." in a and "e" not in a else 0
    return abs(x - y) <= max(1e-3 * max(abs(x), abs(y)), 1.01 * 10.0**-digits)


def horizons() -> str:
    """The table of horizons with the source of every number."""
    text = resources.files("detente.trade").joinpath("horizons.toml").read_text("utf-8")
    names = {
        "trade_elasticity_factor": "trade elasticity, multiple of the long-run θ",
        "input_substitution": "input substitution ε, at most",
        "fixed_capital_share": "share of capital fixed in its sector",
    }
    lines = ["| horizon | parameter | value | range | source |", "|---|---|---:|---|---|"]
    for horizon, entry in tomllib.loads(text).items():
        for key, name in names.items():
            p = entry[key]
            spread = " to ".join(str(v) for v in p["range"]) if "range" in p else "by definition"
            note = f" {p['note']}" if "note" in p else ""
            lines.append(
                f"| `{horizon}` | {name} | {p['value']} | {spread} | {p['source']}.{note} |"
            )
    return "\n".join(lines)


def with_horizons(text: str) -> str:
    """The page with its table of horizons as the package has them now."""
    if BEGIN not in text:
        return text
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}\n\n{horizons()}\n\n{END}{rest.split(END)[1]}"


def renewed(text: str) -> str:
    """A page with the outputs that its examples have now, where they differ."""
    names: dict[str, Any] = {"__name__": "__main__"}
    changes = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        write_files(text, Path(folder))
        for block in blocks(text):
            if block.language == "python":
                printed = run_python(block.source, names)
            elif block.output is not None:
                printed = run_console(block.source, Path(folder))
            if block.output is not None and not same(block.output, printed):
                changes.append((block.span, printed))
    for (start, stop), printed in reversed(changes):
        text = text[:start] + printed + text[stop:]
    return with_horizons(text)


def run_notebook(path: Path, folder: Path) -> Any:
    """A notebook with what its cells give now; they run in a folder of their own."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, 4)
    client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(folder)}})
    client.record_timing = False
    client.execute(env={**os.environ, "IPYTHONDIR": str(folder), "COLUMNS": "96"})
    for cell in notebook.cells:
        # Warnings of the kernel and of Python are no part of what a cell shows.
        cell.get("outputs", [])[:] = [
            one for one in cell.get("outputs", []) if one.get("name") != "stderr"
        ]
    return notebook


def shown(notebook: Any) -> list[dict[str, str]]:
    """What every output of a notebook shows, by kind of content."""
    return [
        {"text/plain": one["text"]} if one.output_type == "stream" else dict(one.data)
        for cell in notebook.cells
        for one in cell.get("outputs", [])
    ]


def same_outputs(stated: Any, now: Any) -> bool:
    """Outputs of the same kinds, with the same words and numbers; pictures are not compared."""
    pairs = list(zip(shown(stated), shown(now), strict=False))
    return len(shown(stated)) == len(shown(now)) and all(
        set(a) == set(b) and same(a["text/plain"], b["text/plain"]) for a, b in pairs
    )


def renew_notebook(path: Path, write: bool) -> bool:
    """Whether a notebook shows something else now; it is written if asked for."""
    import nbformat

    with tempfile.TemporaryDirectory() as folder:
        now = run_notebook(path, Path(folder))
    if same_outputs(nbformat.read(path, 4), now):
        return False
    if write:
        nbformat.write(now, path)
    return True


def main() -> None:
    """Check or renew the pages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write what differs")
    given = parser.parse_args()
    stale = False
    for page in PAGES:
        text = page.read_text("utf-8")
        new = renewed(text)
        if new != text:
            stale = True
            print(f"{page.relative_to(ROOT)} differs")
            if given.write:
                page.write_text(new, "utf-8")
    for notebook in NOTEBOOKS:
        if renew_notebook(notebook, given.write):
            stale = True
            print(f"{notebook.relative_to(ROOT)} differs")
    if stale and not given.write:
        sys.exit("Run it with --write.")


if __name__ == "__main__":
    main()
