"""Draw the picture of the README, and write anew what six pages say of the default case.

The pages are the README, the home of the docs, and those on cases, results and the negotiation.
`--table` leaves out the picture, which needs Chromium. Bands and draws are those that are packaged,
so draw them first where the case or the model changed (`data-build/bands.py`).
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from detente._files import write_file
from detente.analysis import Scenarios, assess
from detente.analysis.metrics import output
from detente.analysis.negotiation import NegotiationAnswer, Proposal
from detente.analysis.negotiation.explained_moves import record_words, tally_words
from detente.analysis.negotiation.feasible_packages import feasible_words, points_left_out
from detente.analysis.negotiation.questions.question import NegotiationQuestion
from detente.analysis.negotiation.sentences import (
    event_words,
    money_inside,
    needed_words,
    remedy_words,
)
from detente.analysis.negotiation.stakes import lock_words, stake_of, with_band
from detente.analysis.precomputed.negotiation import negotiation_of
from detente.cases import load_case
from detente.cases.locate import packaged_paths
from detente.negotiation.words import figure, fixed, signed, two_digits, upper_first
from detente.report import Table, Views, make_brief, views_of, write_brief

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
RESULTS = ROOT / "docs" / "results.md"
HOME = ROOT / "docs" / "index.md"
GALLERY = ROOT / "docs" / "cases" / "index.md"
CASE_PAGE = ROOT / "docs" / "cases" / "belarus.md"
PICTURE = ROOT / "docs" / "assets" / "belarus-map.png"
BEGIN, END = "<!-- table: begin (data-build/readme.py) -->", "<!-- table: end -->"
NEGOTIATION = ROOT / "docs" / "negotiation.md"
#: Whose money the page on the negotiation shows.
SHOWN = ("US", "Belarus", "EU", "Lithuania", "Russia", "Canada")

#: What valuations of the case were set against: an option of lifting, and whose gain it is.
SET_AGAINST = (
    ("lift-eu-potash", "European Union"),
    ("lift-eu-transit-and-lt-transit", "Lithuania"),
    ("lift-us-potash", "United States"),
    ("lift-us-potash", "Belarus"),
)


@cache
def brief() -> Views:
    """The brief of the default case with the bands that are packaged."""
    views = make_brief("belarus")
    assert views.bands is not None, "run .venv/bin/python data-build/bands.py first"
    return views


def basis(views: Views) -> str:
    """What the figures of both pages are and rest on."""
    assert views.bands is not None
    return (
        f"`make brief`, case `belarus`. {views.subject}. USD million a year against the regime, in "
        f"brackets 5 to 95 % of {views.bands.draws} draws of every parameter with a range."
    )


def printed_table() -> str:
    """The table that `print` shows of `assess`: what lifting brings the first parties."""
    found = assess("belarus")
    assert found.bands is not None, "run .venv/bin/python data-build/bands.py first"
    lines = repr(found).splitlines()
    title = next(k for k, line in enumerate(lines) if "What lifting would bring" in line)
    return "\n".join(["```text", *(line.removeprefix("  ") for line in lines[title:]), "```"])


def table() -> str:
    """What each option of lifting brings whom, and the findings of the brief."""
    views = brief()
    options = views.tables["options"]
    rows = options.rows[:9]
    lines = [
        basis(views),
        "",
        "| | " + " | ".join(str(row[0]) for row in rows) + " |",
        "|---|" + "---:|" * len(rows),
    ]
    for k, column in enumerate(options.columns[1:], start=1):
        if column.key == "only-together":
            continue
        cells = [_cell(options, r, k) for r in range(len(rows))]
        lines.append(f"| {column.label} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", *(f"- {s}" for s in views.findings)])


def case_table() -> str:
    """The results that the page of the case rests on: by what valuations were set, and others."""
    views = brief()
    options = views.tables["options"]
    places = [str(row[0]) for row in options.rows]
    keys = [c.key for c in options.columns]
    lines = [basis(views), "", "| | brings | |", "|---|---|---:|"]
    for option, place in SET_AGAINST:
        k = keys.index(option)
        cell = _cell(options, places.index(place), k)
        lines.append(f"| {options.columns[k].label} | {place} | {cell} |")
    idle = [s for s in views.findings if "moves next to nothing" in s]
    sentences = [_ukraine(), *idle, views.tables["claims"].sentence]
    return "\n".join([*lines, "", *(f"- {s}" for s in sentences)])


def _ukraine() -> str:
    """What the model would send to Ukraine if its border were open."""
    scenarios = Scenarios(assess("belarus").case)
    rest = [m.id for m in scenarios.case.regime() if m.id != "ua-border"]
    tonnes = output(scenarios, "tonnes", rest, ["UKR"], commodity="POTASH", supplier=["BLR"])
    return f"Without `ua-border` Ukraine would buy {tonnes:.1f} million tonnes from Belarus."


def _cell(options: Table, row: int, k: int) -> str:
    value, band = options.rows[row][k], options.band(row, options.columns[k])
    assert isinstance(value, float)
    if band is None or max(abs(value), *map(abs, band)) < 0.5:
        return "0"
    gain, low, high = (two_digits(v) for v in (value, *band))
    return f"{fixed(gain, signed=True)} ({fixed(low)} to {fixed(high)})"


def negotiation() -> str:
    """What `why`, `blockers`, `deals`, `steps` and `stable` say of the default case."""
    answer = negotiation_of(Scenarios(load_case("belarus")), draws=None)
    kept = points_left_out(answer)
    firm = [stake_of(answer, party).sentence for party in answer.conflict.names]
    inside = [
        money_inside(m)
        for m in answer.moves
        if m.members and len(m.measures) == 1 and any(abs(g) >= 1 for g in m.gain)
    ]
    votes = [
        line
        for v in answer.votes
        if not v.together
        for line in (lock_words(v), *record_words(answer, v))
    ]
    assert answer.deals is not None
    proposals = [p for p in answer.deals.proposals if p.id not in kept]
    needed = [line for p in proposals for line in needed_words(answer, p)]
    chances = [
        c for c in answer.chances
        if c.of not in kept and c.question in ("accepted", "carried out", "self-enforcing", "holds")
    ]  # fmt: skip
    orders = []
    for o in (o for o in answer.orders if o.id not in kept):
        holds = "it enforces itself" if o.sequences.best is not None else "no order enforces itself"
        orders.append(f"{o.label}: {holds}.")
        if o.proposed_regime is not None:
            orders.append(o.proposed_regime.said_of("the order that the case gives"))
    # Of renewals the last one stands for all.
    last = [e for e in answer.events if e.renewal][-1:]
    unexplained = [
        event_words(answer, e)
        for e in answer.events
        if e.verdict == "not explained" and (not e.renewal or e in last)
    ]
    drawn = f", 5 to 95 % of {answer.draws} draws in brackets" if answer.draws else ""
    lines = [
        f"Money if one thing changes, USD million a year{drawn}. No valuation enters.",
        "",
        _moves(answer),
        "",
        *_bullets(answer, [*firm, *inside, *votes]),
        "",
        "What follows rests on valuations that are analyst estimates. Gains from the packages of "
        "the case, USD million a year:",
        "",
        _proposals(answer, proposals),
        "",
        *_bullets(answer, [" ".join(feasible_words(answer)), *needed]),
        *_bullets(answer, map(NegotiationQuestion(answer).chance_sentence, chances)),
        *_bullets(answer, orders),
        *_bullets(answer, list(remedy_words(answer))[:2]),
        *_bullets(answer, [tally_words(answer), *unexplained]),
    ]
    return "\n".join(lines)


def _bullets(answer: NegotiationAnswer, sentences: Iterable[str]) -> list[str]:
    return [f"- {line}" for line in NegotiationQuestion(answer).said(sentences)]


def _moves(answer: NegotiationAnswer) -> str:
    names = {p.id: p.name for p in answer.case.parties}
    lines = ["| if | " + " | ".join(names[p] for p in SHOWN) + " |", "|---|" + "---:|" * len(SHOWN)]
    for move in answer.moves:
        cells = [with_band(move, p, signed) if abs(move.of(p)) >= 0.05 else "0" for p in SHOWN]
        if any(abs(move.of(p)) >= 0.05 for p in SHOWN):
            lines.append(f"| {upper_first(move.label)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _proposals(answer: NegotiationAnswer, proposals: list[Proposal]) -> str:
    lines = ["| package | " + " | ".join(proposals[0].whose) + " | would sign |"]
    lines.append("|---|" + "---:|" * len(proposals[0].whose) + "---|")
    for p in proposals:
        signing = ", ".join(n for n, a in zip(p.parties, p.accepts, strict=True) if a) or "nobody"
        gains = " | ".join(figure(g, signed=True) for g in p.gain)
        lines.append(f"| {p.label} | {gains} | {signing} |")
    return "\n".join(lines)


def in_short() -> str:
    """The four questions of the default case, each with its answer."""
    overview = brief().overview
    return "\n\n".join(f"**{c.question}** {c.sentence}" for c in overview.chapters)


def gallery() -> str:
    """Each packaged case: its title, what it is about, and its bullets."""
    parts = []
    for case in map(load_case, packaged_paths()):
        overview = (brief() if case.name == "belarus" else make_brief(case)).overview
        bullets = "\n".join(f"- {c.bullet}" for c in overview.bullets)
        title = f"## [{case.title}]({case.name}.md)"
        parts.append(f"{title}\n\n{' '.join(case.summary.split())}\n\n{bullets}")
    return "\n\n".join(parts)


#: The pages that have results of the program, and what writes them.
PAGES: dict[Path, Callable[[], str]] = {
    HOME: in_short,
    GALLERY: gallery,
    README: printed_table,
    RESULTS: table,
    CASE_PAGE: case_table,
    NEGOTIATION: negotiation,
}


def with_table(page: Path) -> str:
    """A page with its table written anew."""
    before, rest = page.read_text("utf-8").split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{PAGES[page]()}\n{END}{after}"


def picture() -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        page_file = Path(folder) / "brief.html"
        write_brief(views_of(assess("belarus")), page_file, annex=True)
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1100, "height": 900}, device_scale_factor=1.5)
        page.goto(page_file.as_uri())
        page.locator("figure").filter(has=page.locator("svg")).first.screenshot(path=PICTURE)
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", action="store_true", help="write the tables only")
    only_table = parser.parse_args().table
    for page in PAGES:
        write_file(page, with_table(page))
    if not only_table:
        picture()


if __name__ == "__main__":
    main()
