"""What moved goes on working for one release, with a warning that names what replaces it."""

import ast
import importlib
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import detente
from detente._deprecated import moved_module, warn_moved

PACKAGE = Path(detente.__file__).parent
#: Packages and modules of before that pages named, one name of each, and where it is now.
MOVED = [
    ("detente.talks", "Party", "detente.negotiation", "Party"),
    ("detente.case", "load_case", "detente.cases", "load_case"),
    ("detente.brief", "make_brief", "detente.report", "make_brief"),
    ("detente.web", "create_app", "detente.app", "create_app"),
    ("detente.study", "assess", "detente.analysis", "assess"),
    ("detente.study", "comparison", "detente.analysis", "compare"),
    ("detente.study.talking", "talk", "detente.analysis.negotiation", "talk"),
    ("detente.study.headlines", "headlines", "detente.analysis.uncertainty.draws", "headlines"),
]


@pytest.mark.parametrize(("old", "name", "new", "now"), MOVED)
def test_a_name_of_before_is_the_present_one_and_warns_where_it_is_used(old, name, new, now):
    scope: dict[str, object] = {}
    program = compile(f"from {old} import {name}", "user.py", "exec")
    with pytest.warns(DeprecationWarning, match=rf"{old}\.{name} is called") as caught:
        exec(program, scope)
    assert scope[name] is getattr(importlib.import_module(new), now)
    said = [w for w in caught if str(w.message).startswith(f"{old}.{name} is called {new}.{now} ")]
    assert said
    assert said[0].filename == "user.py"


@pytest.mark.parametrize("old", sorted({row[0] for row in MOVED}))
def test_importing_a_package_of_before_says_nothing_and_asking_for_nonsense_says_where_it_is(old):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        module = importlib.reload(importlib.import_module(old))
        with pytest.raises(AttributeError, match=r"detente\..* now"):
            _ = module.nonsense
        with pytest.raises(AttributeError, match="__nonsense__"):
            _ = module.__nonsense__


def test_the_old_packages_hand_on_every_public_name_and_load_nothing_by_themselves():
    program = "import sys, " + ", ".join(sorted({row[0] for row in MOVED}))
    program += "; print(*[m for m in sys.modules if m.startswith('detente')])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    assert "detente.study.talking" in done.stdout
    assert not {"detente.analysis", "detente.trade", "detente.cases"} & set(done.stdout.split())


def test_nothing_inside_the_package_uses_what_moved():
    old = {row[0] for row in MOVED}
    shims = {PACKAGE.joinpath(*name.split(".")[1:]) for name in old}
    for path in PACKAGE.rglob("*.py"):
        if path.with_suffix("") in shims or path.parent in shims:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
            assert not old & set(names), path


def test_the_warning_stands_at_the_use_and_names_both():
    def used():
        warn_moved("--regime", "--date")

    with pytest.warns(DeprecationWarning, match=r"^--regime is called --date now\. ") as caught:
        used()
    assert caught[0].filename == __file__
    assert caught[0].lineno > used.__code__.co_firstlineno + 1


def test_a_module_that_moved_may_have_renamed_names():
    get = moved_module("detente.old", "detente.world", {"available_worlds": "worlds"})
    with pytest.warns(DeprecationWarning, match=r"detente\.old\.available_worlds is called"):
        assert get("available_worlds") is detente.worlds
