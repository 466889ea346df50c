"""Seeded damage to cases, tables and worlds, and what meets it: the command line and the app.

A longer run by hand: `python -m tests.fuzz.mutations 2000 [SEED]` from the root of the project.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import random
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import numpy as np

from detente import cli
from detente.app import create_app
from detente.cases import read_files
from detente.cases.tables import find_table
from detente.world import save_world, synthetic

Dice = random.Random
TOKENS = [
    "", "~", "null", "true", "[]", "{}", "[[]]", "{a: b}", "-1", "0", "1e308", "-1e308", "8e-301",
    ".nan", ".inf", "-.inf", "0x" + "f" * 5000, "9" * 5000, "0o17", "1_000", "0001-01-01",
    "9999-12-31", "-2024", "2024-02-30", "2024-01-01T00:00:00Z", "'", '"', "*", "&a", "*a", "!!int",
    "| x", "rest", "ROW", "EU", "USA", "BLR", "'*'", "{except: [EU]}", "{except: '*'}", "é", "−1",
    "\\x00", '"\\ud800"', '"\\u0000"', "x" * 140_000, "%", "{0}", "{value}", "=1+1", "../../etc",
    "[1, 2]", "[0, 0]", "[1e15, -1e15]", "yes", "1.5", "0.5", "1", "POTASH", "price", "leak",
]  # fmt: skip


def damaged_text(dice: Dice, text: str) -> str:
    """A text with one to three things changed, by line, by token or by letter."""
    for _ in range(dice.randint(1, 3)):
        lines = text.split("\n")
        at = dice.randrange(len(lines))
        line = lines[at]
        route = dice.randrange(12)
        if route == 0:
            del lines[at]
        elif route == 1:
            lines.insert(at, line)
        elif route == 2:
            other = dice.randrange(len(lines))
            lines[at], lines[other] = lines[other], line
        elif route == 3:
            lines[at] = " " * dice.randint(0, 8) + line.lstrip()
        elif route == 4 and line:
            place = dice.randrange(len(line))
            lines[at] = (
                line[:place] + dice.choice("\t:[]{}'\"-#&*!|>%@` ,\r\x0b\x85") + line[place:]
            )
        elif route == 5:
            lines = lines[: at + 1]
        else:
            lines[at] = _with_token(dice, line)
        text = "\n".join(lines)
        if dice.random() < 0.02:
            text = text.replace("\n", dice.choice(["\r", "\r\n"]))
    return text


def _with_token(dice: Dice, line: str) -> str:
    """A line with the value behind one of its colons, or one of its cells, exchanged."""
    marks = [k for k, c in enumerate(line) if c in ":,[{"]
    if not marks:
        return dice.choice(TOKENS)
    begin = dice.choice(marks) + 1
    end = next((k for k in range(begin, len(line)) if line[k] in ",]}"), len(line))
    return f"{line[:begin]} {dice.choice(TOKENS)}{line[end:]}"


def damaged_csv(dice: Dice, text: str) -> str:
    """A csv with cells, lines or line ends changed."""
    lines = text.splitlines()
    for _ in range(dice.randint(1, 3)):
        at = dice.choice([0, dice.randrange(len(lines))])
        cells = lines[at].split(",")
        place = dice.randrange(len(cells))
        cells[place] = dice.choice([*TOKENS, cells[-1], cells[0]])
        if dice.random() < 0.2:
            cells.insert(place, "1")
        lines[at] = ",".join(cells)
        if dice.random() < 0.1 and len(lines) > 1:
            del lines[at]
    return dice.choice(["\n", "\n", "\n", "\r\n", "\r", "\n\n"]).join(lines)


def damaged_world(dice: Dice, content: bytes) -> bytes:
    """A world file with members, headers, texts or bytes changed."""
    route = dice.randrange(5)
    if route == 0:
        changed = bytearray(content)
        for _ in range(dice.randint(1, 20)):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        return bytes(changed)
    if route == 1:
        return content[: dice.randrange(len(content))]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = dice.choice(["meta.npy", dice.choice(list(members))])
    if route == 2:
        del members[name]
    elif route == 3:
        members[name] = dice.choice(_odd_arrays())
    else:
        meta = json.loads(np.load(io.BytesIO(members["meta.npy"])).tobytes())
        key = dice.choice([*meta, "countries", "goods"])
        meta[key] = dice.choice(
            [
                None,
                1,
                1e400,
                -1,
                "x",
                [],
                [1],
                ["A"],
                ["A", "A"],
                {},
                [[]],
                ["A"] * 90_000,
                "\ud800",
            ]
        )
        text = dice.choice([json.dumps(meta), json.dumps(meta)[:-2], "[" * 5000, "null", ""])
        members["meta.npy"] = _npy(np.frombuffer(text.encode(), np.uint8))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", dice.choice([0, 8, 12, 14])) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return out.getvalue()


def _npy(value: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array(out, value, allow_pickle=True)
    return out.getvalue()


def _odd_arrays() -> list[bytes]:
    huge = b"{'descr': '<f8', 'fortran_order': False, 'shape': (999999999, 999999), }"
    below = b"{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 2), }"
    headers = [
        b"\x93NUMPY\x01\x00" + len(h).to_bytes(2, "little") + h for h in (huge, below, b"1", b"{}")
    ]
    arrays = [
        np.array([{"a": 1}], dtype=object),
        np.array("text"),
        np.array([1 + 2j]),
        np.zeros((2, 2), bool),
        np.array(np.nan),
        np.array(1e308),
        np.array(-1.0),
        np.zeros((0, 3)),
        np.array([1], "datetime64[D]"),
        np.zeros(3, [("a", "f8")]),
        np.arange(6.0).reshape(1, 2, 3),
    ]
    return [*headers, *map(_npy, arrays), b"", b"\x80\x04N.", b"\x93NUMPY\x03\x00"]


class Targets:
    """The command line and the app, in this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        app = create_app("elmira")
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", timeout=None
        )
        self.failures: Counter[str] = Counter()
        self.first: dict[str, str] = {}
        self.slowest = (0.0, "")

    def command(self, *arguments: str) -> None:
        """Run a command; any error that it does not say in words is a failure."""
        begun = time.perf_counter()
        before = sys.argv, sys.stdout, sys.stderr
        sys.argv = ["detente", *arguments]
        text = io.StringIO()
        try:
            with (
                contextlib.redirect_stdout(text),
                contextlib.redirect_stderr(text),
                contextlib.suppress(SystemExit),
            ):
                cli.main()
        except Exception as error:
            self._failed(error, " ".join(arguments))
        finally:
            sys.argv, sys.stdout, sys.stderr = before
        self.slowest = max(self.slowest, (time.perf_counter() - begun, " ".join(arguments)))

    def upload(self, content: bytes) -> None:
        """Open a file in the app and ask about it; no answer may be a failure of the server."""

        async def asked() -> None:
            response = await self.client.post("/api/upload", content=content)
            found = [response]
            if response.status_code == 200:
                case = response.json()["id"]
                found += [
                    await self.client.post(path, json={"case": case})
                    for path in ("/api/case", "/api/answer", "/api/file")
                ]
            for one in found:
                if one.status_code >= 500:
                    raise RuntimeError(f"{one.request.url.path} answers {one.status_code}")

        try:
            asyncio.run(asked())
        except Exception as error:
            self._failed(error, "upload")

    def _failed(self, error: Exception, what: str) -> None:
        last = traceback.extract_tb(error.__traceback__)[-1]
        name = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
        self.failures[name] += 1
        kept = self.folder / f"failure-{len(self.first)}"
        if name not in self.first:
            self.first[name] = f"{what}: {str(error)[:200]}\n{traceback.format_exc()[-1500:]}"
            for path in self.folder.glob("m.*"):
                kept.mkdir(exist_ok=True)
                (kept / path.name).write_bytes(path.read_bytes())


def attempts(
    dice: Dice, targets: Targets, texts: dict[str, str], commands: list[list[str]]
) -> Iterator[Callable[[], None]]:
    """Damage without end: each call is one damaged file and what is asked of it."""
    folder = targets.folder
    case, table, world = folder / "m.yaml", folder / "m.csv", folder / "m.npz"
    flows = find_table("potash-2020", None).read_text("utf-8")
    observed = find_table("potash-observed", None).read_text("utf-8")
    whole = save_world(synthetic(4, 3, seed=1), folder / "whole.npz").read_bytes()
    icio = _icio(folder)
    trading = [name for name, text in texts.items() if "potash-2020" in text]

    def of_case() -> None:
        content = damaged_text(dice, texts[dice.choice(list(texts))])
        case.write_bytes(content.encode("utf-8", "surrogatepass"))
        targets.command(*(x.replace("CASE", str(case)) for x in dice.choice(commands)))
        if dice.random() < 0.5:
            targets.upload(case.read_bytes())

    def of_table() -> None:
        table.write_text(damaged_csv(dice, flows if dice.random() < 0.7 else observed), "utf-8")
        key = dice.choice(["flows: potash-2020", "observed: potash-observed"])
        text = texts[dice.choice(trading)]
        case.write_text(text.replace(key, f"{key.partition(':')[0]}: m.csv"), "utf-8")
        targets.command("check", str(case))

    def of_world() -> None:
        world.write_bytes(damaged_world(dice, whole))
        targets.command("world", dice.choice(["check", "show"]), str(world))

    def of_icio() -> None:
        table.write_text(damaged_csv(dice, icio), "utf-8")
        targets.command("world", "check", str(table))

    routes = [of_case, of_case, of_case, of_table, of_world, of_world, of_icio]
    if not trading:
        routes.remove(of_table)
    while True:
        yield dice.choice(routes)


def _icio(folder: Path) -> str:
    rows = ["V1,A_X,A_Y,B_X,B_Y"]
    finals = [f"{c}_{f}" for c in "AB" for f in ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")]
    rows[0] += "," + ",".join([*finals, "OUT"])
    for k, label in enumerate(("A_X", "A_Y", "B_X", "B_Y")):
        home = ["20" if (at < 6) == (k < 2) else "1" for at in range(12)]
        rows.append(",".join([label, "10", "10", "5", "5", *home, "156"]))
    zeros = ",".join(["0"] * 13)
    rows += [f"TLS,0,0,0,0,{zeros}", f"VA,126,126,126,126,{zeros}"]
    rows[-1] = f"VA,116,116,136,136,{zeros}"
    rows.append(f"OUT,156,156,156,156,{zeros}")
    return "\n".join(rows) + "\n"


def run(count: int, seed: int, texts: dict[str, str], commands: list[list[str]]) -> Targets:
    """Damage `count` files; what failed is in the result."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        targets = Targets(Path(folder))
        dice = Dice(seed)
        for _, attempt in zip(range(count), attempts(dice, targets, texts, commands), strict=False):
            attempt()
        return targets


def main() -> None:
    """Many mutations of the packaged cases, with every command that is quick enough."""
    names = ("belarus", "elmira", "russia-coalition")
    texts = {name: read_files(name).one_file()[0] for name in names}
    quick = [["check", "CASE"], ["blockers", "CASE", "--draws", "0"], ["stable", "CASE"]]
    slow = [
        ["timeline", "CASE"],
        ["claims", "CASE"],
        ["why", "CASE", "--draws", "0"],
        ["channels", "CASE"],
        ["deals", "CASE", "--draws", "0"],
        ["steps", "CASE"],
        ["brief", "CASE", "--quick", "--draws", "0", "--out", "/dev/null"],
    ]
    begun = time.perf_counter()
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    targets = run(int(sys.argv[1]), seed, texts, [*quick * 5, *slow])
    print(f"{time.perf_counter() - begun:.0f} s, slowest {targets.slowest}")
    for name, count in targets.failures.most_common():
        print(count, name, targets.first[name], sep="\n", end="\n\n")


if __name__ == "__main__":
    main()
