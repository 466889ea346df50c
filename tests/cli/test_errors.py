"""One root of all errors: every class, its remedy, and the command line that catches it."""

import importlib
import inspect
import pickle
import pkgutil
import subprocess
import sys

import pytest

import detente
from detente.cases import CaseError, Fault
from detente.errors import DetenteError
from detente.trade import InfeasibleShock, NotConverged, ShockError

#: Signals of the control of a job, which nobody is told.
SIGNALS = {"Stopped"}
BUILT_IN = {
    "ShockError": ValueError,
    "InfeasibleShock": ValueError,
    "NotConverged": ArithmeticError,
    "CaseError": ValueError,
    "NoTrade": ValueError,
    "NoNegotiation": ValueError,
    "WorldError": ValueError,
    "UnknownLabel": KeyError,
    "NegotiationError": ValueError,
    "QuestionError": ValueError,
    "NoDraws": ValueError,
    "NotWritten": OSError,
    "UnknownCase": LookupError,
    "Busy": RuntimeError,
    "PackageMissing": ImportError,
}


def error_classes():
    found = {}
    for info in pkgutil.walk_packages(detente.__path__, "detente."):
        module = importlib.import_module(info.name)
        for name, thing in vars(module).items():
            known = inspect.isclass(thing) and issubclass(thing, Exception)
            if known and thing.__module__.startswith("detente"):
                found[name] = thing
    return found


def test_every_error_has_the_root_and_its_built_in_base():
    found = error_classes()
    outside = {n for n, kind in found.items() if not issubclass(kind, DetenteError)}
    assert outside == SIGNALS
    for name, base in BUILT_IN.items():
        assert issubclass(found[name], base), name


@pytest.mark.parametrize(
    ("make", "remedy"),
    [
        (lambda: detente.load_case("belarusia"), "belarus"),
        (lambda: detente.optimal_tariffs("oecd-2020", "*"), "Name a country or a group"),
        (lambda: detente.nash_tariffs("oecd-2020", ["USA"]), "Name them, as USA,EU,CHN."),
    ],
    ids=["case", "sender", "players"],
)
def test_remedy_says_what_to_do_and_ends_the_text(make, remedy):
    with pytest.raises(DetenteError) as caught:
        make()
    assert remedy in caught.value.remedy
    assert str(caught.value).rstrip().endswith(caught.value.remedy)


def test_remedies_of_a_cut_off_country():
    error = InfeasibleShock("BLR has no supplier.", (("BLR", "POTASH"),), ("Give leakage.",))
    assert error.remedy == "Give leakage."
    assert str(error) == "BLR has no supplier. Give leakage."


def test_remedies_of_many_faults_stand_once_each():
    faults = [Fault(1, "a", "is wrong.", "Mend it."), Fault(2, "b", "is wrong.", "Mend it.")]
    assert CaseError(faults, "x").remedy == "Mend it."


@pytest.mark.parametrize("kind", [ShockError, NotConverged])
def test_an_error_comes_back_from_another_process(kind):
    error = pickle.loads(pickle.dumps(kind("It is too large.", "Make it smaller.")))
    assert (str(error), error.remedy) == ("It is too large. Make it smaller.", "Make it smaller.")


def test_the_command_line_says_any_error_of_the_package(monkeypatch, capsys):
    from detente import cli

    class Unheard(DetenteError):
        pass

    def fails():
        raise Unheard("The question has no answer.", "Ask another.")

    monkeypatch.setattr(cli, "app", fails)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 1
    assert capsys.readouterr().err == "The question has no answer. Ask another.\n"


def test_the_command_line_hides_no_fault_of_its_own(monkeypatch):
    from detente import cli

    def fails():
        raise ValueError("a slip of the program")

    monkeypatch.setattr(cli, "app", fails)
    with pytest.raises(ValueError, match="a slip"):
        cli.main()


def test_the_help_lists_commands_by_their_own_words():
    from detente import cli

    for name, text in cli.COMMANDS.items():
        own = cli.command(name)
        assert own.name == name
        assert " ".join((own.help or "").split("\n\n")[0].split()) == text


def test_a_command_answers_to_its_earlier_name_and_says_so(capsys):
    from detente import cli

    for before, now in cli.RENAMED.items():
        assert before not in cli.COMMANDS
        with pytest.raises(SystemExit) as left:
            cli.app([before, "--help"])
        assert left.value.code == 0
        text = capsys.readouterr()
        assert text.err == f"`detente {before}` is called `detente {now}` now.\n"
        assert " ".join(text.out.split()).count(cli.COMMANDS[now]) == 1
    with pytest.raises(SystemExit):
        cli.app(["--help"])
    assert "backtest" not in capsys.readouterr().out


def test_the_help_imports_no_command():
    program = "import sys; from detente import cli\ntry:\n cli.app(['--help'])\nexcept SystemExit: "
    program += "pass\nprint(*(m for m in sys.modules if m.startswith('detente.')))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "sensitivity" in done.stdout
    assert loaded == {"detente._lazy", "detente.cli", "detente.cli.encoding", "detente.errors"}
