"""The terminal summary fits a screen and says the essentials."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from detente.analysis import Answer
from detente.cases import cases
from detente.report import make_brief, print_summary, views_of
from detente.report.introduction import introduction
from detente.report.lines import WIDTH, table_lines, width_of, wrapped
from detente.report.summary import LINES, summary_lines


@pytest.fixture(scope="module")
def whole():
    return make_brief("belarus")


@pytest.mark.parametrize("which", ["assessment", "belarus"])
def test_summary_fits_a_screen(which, request):
    out = io.StringIO()
    console = Console(width=100, file=out)
    print_summary(
        views_of(request.getfixturevalue(which)), console, "build/brief.html", details=True
    )
    lines = out.getvalue().splitlines()
    text = "\n".join(lines)
    assert 20 <= len(lines) <= 40
    assert max(map(len, lines)) <= 100
    assert "Measures in force on 1 December 2025" in text
    assert "Who pays   Belarus −" in text
    assert "converged" in text
    assert text.rstrip().endswith("build/brief.html")


@pytest.mark.parametrize(("width", "most"), [(80, 50), (100, 46)])
def test_the_whole_default_brief_fits_and_cuts_no_figure(whole, width, most):
    out = io.StringIO()
    print_summary(whole, Console(width=width, file=out), "build/brief.html", details=True)
    lines = out.getvalue().splitlines()
    text = "\n".join(lines)
    assert len(lines) <= most
    assert max(map(len, lines)) <= width
    # An ellipsis stands between the ends of a band and nowhere else.
    assert not re.search(r"…(?![−\d])", text)
    for word in ("United States", "European Union", "Claims", "Blockers", "Who moves", "draws"):
        assert word in text
    together = " ".join(text.split())
    band = r"\+?−?[\d,.]+ \(−?[\d,.]+…−?[\d,.]+\)"
    for figure in (
        f"Who pays Belarus {band}",
        f"Who gains Russia {band}",
        f"long: Belarus {band}, {band}, {band}; Russia {band}",
        f"United States moved: {band}",
        f"holds, moving: {band}",
        "Deals Of 5,119 packages four leave all signatories better off",
    ):
        assert re.search(figure, together), figure


def test_twins_that_move_nothing_alone_share_a_column(belarus):
    out = io.StringIO()
    print_summary(views_of(belarus), Console(width=100, file=out), details=True)
    lines = out.getvalue().splitlines()
    head = lines[1 + next(k for k, line in enumerate(lines) if line.startswith("If lifted"))]
    assert sum(e.in_force and e.has_effect for e in belarus.effects) == 7
    assert head.split() == ["A", "B", "C", "F", "D+E", "all"]


def test_a_measure_that_moves_nobody_is_named(belarus):
    out = io.StringIO()
    views = views_of(belarus)
    print_summary(views, Console(width=100, file=out), details=True)
    assert "G moves next to nothing." in out.getvalue()
    text = (
        "Lifting ‘US tariff of 10 % on Canadian potash outside the USMCA’ moves next to nothing: "
        "no country gains or loses as much as USD 50 thousand a year."
    )
    assert text in views.findings
    assert text in views.tables["cost"].sentence
    held = next(s for s in views.findings if "hold the same thing closed" in s)
    assert "USMCA" not in held


def test_horizons_take_one_line(belarus, runs):
    out = io.StringIO()
    print_summary(
        views_of(Answer(belarus, horizons=runs)), Console(width=100, file=out), details=True
    )
    lines = out.getvalue().splitlines()
    assert len(lines) <= 40
    line = next(line for line in lines if line.startswith("By horizon"))
    assert "short, medium, long: Belarus −" in line


@pytest.mark.parametrize("width", [48, 60, 72])
def test_what_a_narrow_terminal_leaves_out_is_said(belarus, width):
    out = io.StringIO()
    print_summary(views_of(belarus), Console(width=width, file=out), details=True)
    lines = out.getvalue().splitlines()
    assert "…" not in "".join(lines)
    head = lines[1 + next(k for k, line in enumerate(lines) if line.startswith("If lifted"))]
    # Six options move something: lifting the US tariff on Canadian potash does not.
    left_out = 6 - len(head.split())
    text = next((line for line in lines if "on the page and in --json" in line), "")
    words = ("", "One more option is", "Two more options are", "Three more options are")
    assert text.startswith(words[left_out])
    assert bool(text) == (left_out > 0)
    together = " ".join(" ".join(lines).split())
    for e in belarus.effects:
        assert not e.in_force or e.measure.label in together


@pytest.mark.parametrize(
    ("case", "date"),
    [
        ("belarus", "2019-01-01"),
        ("belarus", "2022-06-01"),
        ("russia-coalition", "2015-01-01"),
        ("russia-coalition", None),
        ("elmira", None),
    ],
)
def test_a_summary_has_24_lines_at_most_on_any_day(case, date):
    views = make_brief(case, date, full=False, draws=0)
    lines = summary_lines(views, "a-page.html")
    assert len(lines) <= LINES
    assert max(map(width_of, lines)) <= WIDTH
    text = " ".join(" ".join(lines).split())
    assert views.title in text
    for chapter in views.overview.chapters:
        assert f"{chapter.question} {chapter.sentence}" in text
    assert text.endswith("a-page.html")


def test_a_summary_says_what_it_leaves_out_of_the_options():
    views = make_brief("russia-coalition", full=False, draws=0)
    text = "\n".join(summary_lines(views))
    assert views.overview.options.left_out == 8
    assert "`--details` shows eight more ways of lifting something." in text
    shown = [row for row in views.overview.options.lifting.rows if row.id != "lift-everything"]
    assert all(" + ".join(row.measures) in text for row in shown)
    assert "\neverything " in text


def test_what_the_program_says_of_itself_names_every_case_and_three_commands():
    lines = introduction()
    assert len(lines) <= LINES
    assert max(map(width_of, lines)) <= WIDTH
    text = " ".join(" ".join(lines).split())
    for case in cases():
        assert case.name in text
        assert " ".join(case.title.split()) in text
    assert text.count("detente ") >= 3
    assert "`detente --help`" in text


def test_what_a_table_leaves_out_is_named_and_details_have_it():
    heads = ["", *(f"column {k}" for k in range(9))]
    rows = [
        [f"a long name of row {r}", *(f"+{k},{r}00 (1 to 2)" for k in range(9))] for r in (1, 2)
    ]
    short = table_lines("A title", heads, rows)
    whole = "\n".join(table_lines("A title", heads, rows, details=True))
    assert max(map(width_of, (*short, *whole.splitlines()))) <= WIDTH
    left = " ".join(line for line in short if "column" in line)
    assert "Left out here, but in `--details`: column 6, column 7 and column" in left
    assert all(cell.split(" (")[0] in whole for row in rows for cell in row)
    assert "\n".join(short).count("+8,") == 0


def test_words_are_broken_nowhere_and_blanks_in_front_are_kept():
    text = "  - " + "word " * 40 + "https://example.org/" + "x" * 90
    lines = wrapped(text)
    assert " ".join(" ".join(lines).split()) == " ".join(text.split())
    assert all(line.startswith("  ") for line in lines)
    assert [line for line in lines if width_of(line) > WIDTH] == [
        f"    {text.rsplit(maxsplit=1)[-1]}"
    ]
    # Letters of double width take two columns.
    assert max(map(width_of, wrapped("東京 " * 30))) <= WIDTH
