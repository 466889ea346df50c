"""Every error of the package says what to do next, in its `remedy`."""

import ast
import functools
from pathlib import Path

import pytest

import detente
import detente.world
from detente.errors import DetenteError

PACKAGE = Path(detente.__file__).parent


@functools.cache
def trees() -> dict[str, ast.Module]:
    """Every module of the package, by its path below it."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


@functools.cache
def kinds() -> dict[str, ast.ClassDef]:
    """The classes of errors that descend from the root, and the root."""
    classes = [n for t in trees().values() for n in ast.walk(t) if isinstance(n, ast.ClassDef)]
    found = {c.name: c for c in classes if c.name == "DetenteError"}
    while more := [c for c in classes if c.name not in found and bases(c) & set(found)]:
        found |= {c.name: c for c in more}
    return found


def bases(kind: ast.ClassDef) -> set[str]:
    return {getattr(base, "id", "") for base in kind.bases}


def for_all(name: str) -> bool:
    """Whether a kind of error has one remedy for all of it, by itself or from above."""
    kind = kinds()[name]
    own = [n.value for n in kind.body if isinstance(n, ast.Assign) and n.targets[0].id == "remedy"]
    if own:
        return bool(ast.literal_eval(own[0]))
    return any(for_all(base) for base in bases(kind) & set(kinds()))


def words_of_its_own(name: str) -> bool:
    """Whether a kind of error makes its text and remedy itself."""
    return any(getattr(node, "name", "") == "__init__" for node in kinds()[name].body)


def test_what_is_raised_says_what_to_do():
    assert len(kinds()) > 20
    calls = 0
    for path, tree in trees().items():
        for node in ast.walk(tree):
            call = node.exc if isinstance(node, ast.Raise) else None
            call = node.value if isinstance(node, ast.Return) else call
            name = getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""
            if name not in kinds():
                continue
            calls += 1
            given = [a for a in call.args if not (isinstance(a, ast.Constant) and a.value == "")]
            text = len(given) > 1 or call.keywords
            assert text or for_all(name) or words_of_its_own(name), (
                f"{path}:{node.lineno}: {name} is raised without a remedy: say what to do next"
            )
    assert calls > 100


def test_kinds_that_make_their_own_words_say_what_to_do():
    # The root says nothing by itself; an InfeasibleShock is given its remedies.
    for name in sorted(
        set(filter(words_of_its_own, kinds())) - {"DetenteError", "InfeasibleShock"}
    ):
        calls = [n for n in ast.walk(kinds()[name]) if isinstance(n, ast.Call)]
        above = [c for c in calls if getattr(c.func, "attr", "") == "__init__"]
        faults = [c for c in calls if getattr(c.func, "id", "") == "Fault"]
        stated = any(len(c.args) > 1 for c in above) or any(len(c.args) > 3 for c in faults)
        assert stated or for_all(name), f"{name} says what is wrong and not what to do"


@pytest.mark.parametrize("name", ["detente.cases", "detente.analysis", "detente.app"])
def test_faults_of_questions_have_remedies(name):
    """A fault that stands in no file has no line to look at: it must say what to do."""
    room = name.split(".")[1]
    for path, tree in trees().items():
        for node in ast.walk(tree) if path.startswith(f"{room}/") else ():
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fault":
                words = [*node.args, *(k.value for k in node.keywords if k.arg == "remedy")]
                lacks = len(words) < 4 or (
                    isinstance(words[3], ast.Constant) and not words[3].value
                )
                assert not lacks, f"{path}:{node.lineno}: a Fault without a remedy"


def made(error: DetenteError) -> tuple[str, str]:
    return str(error), error.remedy


def test_the_remedy_is_in_the_text_once_and_by_itself():
    from detente.negotiation import NegotiationError
    from detente.world import UnknownLabel, WorldError

    for kind in (DetenteError, WorldError, NegotiationError):
        assert made(kind("It is wrong.", "Mend it.")) == ("It is wrong. Mend it.", "Mend it.")
    text, remedy = made(NegotiationError(["One.", "Two."]))
    assert text == "One.\nTwo."
    assert remedy == NegotiationError.remedy != ""
    assert NegotiationError(["One.", "Two."], "Mend both.").faults == (
        "One. Mend both.",
        "Two. Mend both.",
    )
    with pytest.raises(UnknownLabel, match="Did you mean BLR") as caught:
        detente.load_world("oecd-2020").country("BLRR")
    assert "BLR" in caught.value.remedy


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: detente.load_world("oecd-20"), "Bundled worlds"),
        (lambda: detente.load_case("belarusia"), "Did you mean"),
        (lambda: detente.embargo("RUS", "EU", "ENERGY", leakage=2), "share of the base flow"),
        (
            lambda: detente.solve(detente.load_world("oecd-2020"), detente.Shock(), tolerance=0),
            "1e-9",
        ),
        (lambda: detente.world.members("EU", "yesterday"), "2021-12-31"),
        (lambda: detente.world.synthetic(0, 1), "1 country"),
        (lambda: detente.negotiate("elmira").require("why"), "detente stable"),
    ],
)
def test_remedies_of_everyday_mistakes(ask, words):
    with pytest.raises(DetenteError) as caught:
        ask()
    assert words in caught.value.remedy
