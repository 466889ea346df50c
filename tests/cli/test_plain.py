"""What commands print on every packaged case: 80 columns, plain words, short sentences."""

from __future__ import annotations

import re
from functools import cache

import pytest
from typer.testing import CliRunner

from detente.analysis.precomputed import negotiation
from detente.cases import cases
from detente.cli import app
from detente.report import lines, summary
from detente.report.glossary import terms_for_details

CASES = [case.name for case in cases()]
COMMANDS = [
    "brief",
    "compare",
    "timeline",
    "record",
    "claims",
    "why",
    "deals",
    "steps",
    "blockers",
    "channels",
    "stable",
    "sensitivity --draws 0",
    "coalition",
    "design",
    "check",
    "world show",
]
#: What stands in details beside the terms of the glossary: states by number, and residuals.
INNER = re.compile(r"[Cc]onverged after|evaluations|residual|\bstate \d{3,}|\b[a-z]+(?:_[a-z]+)+\b")
ZERO = re.compile(r"[−-]0(?:\.0+)?(?![\d.,]*\d)")


@pytest.fixture(scope="module", autouse=True)
def asked_once():
    """Each negotiation is answered once for all commands."""
    ask = negotiation.negotiation_of
    with pytest.MonkeyPatch.context() as patch:
        known = {}

        def remembered(case, *given, **options):
            named = getattr(case, "case", case)
            key = (named.name, given, tuple((k, v) for k, v in options.items() if k != "progress"))
            if key not in known:
                known[key] = ask(case, *given, **options)
            return known[key]

        patch.setattr(negotiation, "negotiation_of", remembered)
        yield


@pytest.fixture
def told(monkeypatch):
    """The texts that are printed, before they are broken into lines."""
    texts = []

    def wrapped(text, *width, wrap=lines.wrapped):
        texts.append(text)
        return wrap(text, *width)

    for module in (lines, summary):
        monkeypatch.setattr(module, "wrapped", wrapped)
    return texts


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


@cache
def sentences(text):
    return [s for s in re.split(r"(?<=[.?!:])\s+(?=[A-Z‘])", text) if s]


def words(text):
    """The words of a sentence; a label in quotes is one thing, however many its words."""
    return [x for x in re.sub("‘[^’]*’", "‘x’", text).split() if re.search(r"\w", x)]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_answers_every_case_in_plain_words(
    command, case, told, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    verb, *options = command.split()
    nested = options[:1] if verb == "world" else []
    done = run(verb, *nested, case, *options[len(nested) :])
    if done.exit_code:
        # Why the case has no such answer, in a sentence or two.
        message = str(done.exception)
        assert message.startswith((f"{case}: ", "No measure of the case")), done.output
        assert len(sentences(message)) <= 2
        assert all(len(words(s)) <= 35 for s in sentences(message)), message
        return
    printed = done.output.splitlines()
    assert printed
    assert max(map(lines.width_of, printed)) <= lines.WIDTH
    if verb == "brief":
        assert len(printed) <= summary.LINES
    assert terms_for_details(" ".join(done.output.split())) == ()
    for line in printed:
        assert not INNER.search(line), line
        assert not ZERO.search(line), line
        assert line == line.rstrip()
    codes = [text for text in told if re.fullmatch(r"Countries:(?: [A-Z]{3})+", text)]
    for text in (text for text in told if text not in codes):
        assert "  " not in text.strip(), text
        for sentence in sentences(text):
            assert len(words(sentence)) <= 35, sentence
            assert sentence.count("; ") <= 1, sentence
