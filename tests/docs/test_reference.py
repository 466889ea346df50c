"""The public names of the package: importable, said in whole sentences, on the reference page."""

import importlib
import importlib.util
import inspect
import pkgutil
import re
import subprocess
import sys
from functools import cached_property
from pathlib import Path

import pytest

import detente

ROOT = Path(__file__).resolve().parents[2]
NAMES = [name for name in detente.__all__ if name != "__version__"]
#: What the root has to offer at least.
ASKED = [
    "World",
    "load_world",
    "worlds",
    "Shock",
    "embargo",
    "tariff",
    "iceberg",
    "export_tax",
    "productivity",
    "solve",
    "solve_many",
    "Batch",
    "Equilibrium",
    "gradient",
    "optimal_tariffs",
    "nash_tariffs",
    "load_case",
    "assess",
    "answer",
    "compare",
    "timeline",
    "sensitivity",
    "coalition",
    "design",
    "record",
    "why",
    "deals",
    "steps",
    "blockers",
    "channels",
    "stable",
    "DetenteError",
]


PAGES = sorted((ROOT / "docs" / "reference").glob("*.md"))
_ENTRY = re.compile(r"^::: ([\w.]+)$", re.MULTILINE)
_LINK = re.compile(r"\[`\w+`\]\[([\w.]+)\]")


def _hooks():
    spec = importlib.util.spec_from_file_location("hooks", ROOT / "docs" / "hooks.py")
    hooks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hooks)
    return hooks


HOOKS = _hooks()


def rooms():
    """The packages whose names the pages ask for."""
    return [name for page in PAGES for name in HOOKS.MARK.findall(page.read_text("utf-8"))]


@pytest.mark.parametrize(
    "room", ["", ".world", ".trade", ".negotiation", ".cases", ".analysis", ".report", ".app"]
)
def test_every_room_lists_its_public_names(room):
    module = importlib.import_module(f"detente{room}")
    assert dir(module) == sorted(module.__all__)


def test_exported_members():
    assert dir(detente) == sorted(detente.__all__)
    assert len(set(detente.__all__)) == len(detente.__all__)
    assert set(ASKED) <= set(detente.__all__)
    for name in NAMES:
        thing = getattr(detente, name)
        text = inspect.getdoc(thing) or ""
        first = text.split("\n\n")[0]
        assert first.endswith("."), f"{name}: {first!r}"
        assert first[0].isupper() or first[0] == "`", f"{name}: {first!r}"
        assert len(first.split()) >= 4, f"{name}: {first!r}"


def test_every_public_package_has_a_page():
    asked = rooms()
    assert len(set(asked)) == len(asked)
    with_names = {"detente", "detente.analysis.negotiation", "detente.world.products"} | {
        info.name
        for info in pkgutil.iter_modules(detente.__path__, "detente.")
        if getattr(importlib.import_module(info.name), "__all__", ())
    }
    assert set(asked) == with_names


@pytest.mark.parametrize("room", rooms())
def test_every_public_name_is_on_the_page_of_its_package(room):
    text = HOOKS.on_page_markdown(f"<!-- names of {room} -->")
    entries, links = _ENTRY.findall(text), _LINK.findall(text)
    assert len(set(entries)) == len(entries)
    assert {path.rsplit(".", 1)[1] for path in entries + links} == set(
        HOOKS.public(importlib.import_module(room))
    )
    of_root = _ENTRY.findall(HOOKS.on_page_markdown("<!-- names of detente -->"))
    assert set(links) <= set(of_root)
    assert sorted(of_root) == sorted(f"detente.{name}" for name in NAMES)


def test_a_name_that_was_public_goes_on_working_with_a_warning():
    with pytest.warns(DeprecationWarning, match=r"detente.backtest is called detente.record now"):
        assert detente.backtest is detente.record
    assert "backtest" not in dir(detente)


def test_no_module_hides_a_public_name():
    program = (
        "import importlib, pkgutil, detente\n"
        "for package in ('detente', 'detente.trade', 'detente.analysis',"
        " 'detente.analysis.negotiation'):\n"
        "    there = importlib.import_module(package)\n"
        "    for m in pkgutil.iter_modules(there.__path__):\n"
        "        importlib.import_module(f'{package}.{m.name}')\n"
        "    for name in there.__all__:\n"
        "        print(package, name, type(getattr(there, name)).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    hidden = [line for line in done.stdout.splitlines() if line.endswith(" module")]
    assert len(done.stdout.splitlines()) > len(NAMES)
    assert not hidden


def test_importing_the_package_imports_nothing_heavy():
    program = "import sys, detente; dir(detente); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    loaded = set(done.stdout.split())
    assert "detente" in loaded
    assert not loaded & {"numpy", "polars", "pydantic", "typer", "detente.trade", "detente.cases"}


@pytest.mark.parametrize("name", [n for n in NAMES if inspect.isfunction(getattr(detente, n))])
def test_a_function_says_what_it_takes_and_has_an_example(name):
    function = getattr(detente, name)
    text = inspect.getdoc(function)
    assert "Example:\n    >>> " in text  # which runs with the tests, as every example does
    signature = inspect.signature(function)
    arguments = signature.parameters
    assert not arguments or "Args:" in text
    assert signature.return_annotation in {None, "None"} or "Returns:" in text
    for argument in arguments:
        assert re.search(rf"^    {argument}(, \w+)*:", text, re.MULTILINE), f"{name}: {argument}"


@pytest.mark.parametrize("name", [n for n in NAMES if inspect.isclass(getattr(detente, n))])
def test_a_type_says_what_it_holds_and_what_its_methods_take(name):
    found = getattr(detente, name)
    for own, member in vars(found).items():
        if own.startswith("_"):
            continue
        function = getattr(member, "__func__", member)
        if inspect.isfunction(function):
            text = inspect.getdoc(function) or ""
            signature = inspect.signature(function)
            for argument in set(signature.parameters) - {"self", "cls"}:
                assert re.search(rf"^    \**{argument}:", text, re.MULTILINE), f"{own}: {argument}"
            assert signature.return_annotation in {None, "None"} or "Returns:" in text, own
        elif isinstance(member, (property, cached_property)):
            assert member.__doc__, own


@pytest.mark.parametrize("room", [room for room in rooms() if room != "detente"])
def test_public_functions_say_what_they_take_and_return(room):
    package = importlib.import_module(room)
    for name in package.__all__:
        function = getattr(package, name)
        if inspect.isfunction(function):
            text = inspect.getdoc(function) or ""
            signature = inspect.signature(function)
            assert not signature.parameters or "Args:" in text, name
            assert signature.return_annotation in {None, "None"} or "Returns:" in text, name


@pytest.mark.parametrize(
    ("package", "old", "new"),
    [
        ("detente.analysis", "comparison", "compare"),
        ("detente.world", "available_worlds", "worlds"),
    ],
)
def test_names_of_before_work_with_a_warning(package, old, new):
    module = importlib.import_module(package)
    with pytest.warns(DeprecationWarning, match=f"{package}.{new} now"):
        assert getattr(module, old) is getattr(module, new)


def test_packages_list_what_they_have():
    for info in pkgutil.iter_modules(detente.__path__, "detente."):
        module = importlib.import_module(info.name)
        for name in getattr(module, "__all__", ()):
            assert hasattr(module, name), f"{info.name}.{name}"
