"""Sections on the negotiation: numbers of charts, order, hostile text, published conflicts."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from detente.analysis.labels import number
from detente.analysis.negotiation import AnswerChance, negotiate
from detente.negotiation import NegotiationError, who_can_block
from detente.report import brief_html, make_brief, print_summary, views_of, write_csv
from detente.report import build as making
from detente.report.views import negotiation_deals

MADE_UP = Path(__file__).parent / "data" / "made-up-negotiation.yaml"
SECTIONS = ("moves", "blockers", "payoffs", "deals", "steps", "states", "channels", "checks")


@pytest.fixture(scope="module")
def made_up():
    """Invented parties, moves and values with hostile labels; no trade; chances of eight draws."""
    return negotiate(str(MADE_UP), draws=8)


@pytest.fixture(scope="module")
def of_belarus():
    return negotiate("belarus")


@pytest.fixture(scope="module")
def elmira():
    return negotiate("elmira")


@pytest.fixture(scope="module", params=["made_up", "of_belarus"])
def negotiation(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def views(negotiation):
    return views_of(negotiation=negotiation)


def test_every_part_of_every_section_is_there(views):
    assert [s.id for s in views.sections] == [*(f"negotiation-{key}" for key in SECTIONS), "check"]
    named = [part.split(":", 1) for s in views.sections for part in s.parts]
    assert {i for kind, i in named if kind == "table"} == set(views.tables)
    assert {i for kind, i in named if kind == "chart"} == set(views.charts)
    for chart in views.charts.values():
        assert chart.table in views.tables
        assert chart.description.startswith(("A ", "Bars", "Stacked", "Steps", "Strips"))
    for table in views.tables.values():
        assert table.sentence.endswith(".")
        assert all(len(row) == len(table.columns) for row in table.rows), table.id
    assert json.loads(views.to_json())["sections"][2]["note"] == views.sections[2].note


def test_what_rests_on_estimates_comes_last_and_says_so(views, negotiation):
    notes = [bool(s.note) for s in views.sections if s.id.startswith("negotiation-")]
    assert notes == sorted(notes)
    assert sum(not n for n in notes) == 2
    estimates = sum(v.is_estimate for v in negotiation.case.valuations)
    whole = "All" if estimates == len(negotiation.case.valuations) else f"{estimates} of"
    assert f"Rests on analyst estimates: {whole}" in views.sections[2].note


def test_payoff_bars_are_the_table(views):
    chart, table = views.charts["negotiation-components"], views.tables["negotiation-components"]
    rows = [r for group in chart.data["groups"] for r in group["rows"]]
    assert [r["label"] for r in rows] == table.column("move")
    assert [r["total"] for r in rows] == table.column("total")
    shown = [int(c.key.removeprefix("part-")) for c in table.columns if c.key.startswith("part-")]
    for k in range(len(chart.data["components"])):
        given = [r["parts"][k] for r in rows]
        assert given == table.column(f"part-{k}") if k in shown else not any(given)
    for row in rows:
        # Sums of some ten numbers of up to a thousand, in floating point.
        assert sum(row["parts"]) == pytest.approx(row["total"], abs=1e-9)


def test_packages_on_the_plane_are_those_of_the_table(views, negotiation):
    chart, table = views.charts["negotiation-packages"], views.tables["negotiation-packages"]
    everybody = chart.data["sets"][0]
    gains = [c.key for c in table.columns if c.key.startswith("gain-")]
    of_table = sorted(zip(*(table.column(key) for key in gains), strict=True))
    drawn = sorted(tuple(d["gain"]) for d in everybody["dots"] if d["front"])
    # Drawn numbers have five digits.
    assert np.array(drawn) == pytest.approx(np.array(of_table), rel=1e-4)
    for point, mark in zip(negotiation.deals.everybody.points, everybody["marks"], strict=True):
        assert mark["label"] == point.name
        assert mark["gain"] == pytest.approx(point.gain, rel=1e-4)
        row = next(r for r in table.rows if point.name in str(r[1]))
        assert row[2 : 2 + len(gains)] == pytest.approx(point.gain)
    for one, pair in zip(chart.data["sets"][1:], negotiation.deals.pairs, strict=True):
        assert len(one["dots"]) + one["left"] == len(pair.packages.codes_k)


@pytest.mark.parametrize("most", [0, 3])
def test_a_crowded_plane_keeps_its_front_and_its_points(of_belarus, monkeypatch, most):
    monkeypatch.setattr(negotiation_deals, "_MOST_DOTS", most)
    drawn = views_of(negotiation=of_belarus).charts["negotiation-packages"].data["sets"]
    deals = of_belarus.deals
    found = [p for p in (deals.everybody, *(p.packages for p in deals.pairs)) if len(p.codes_k)]
    assert any(one["left"] for one in drawn)
    for one, packages in zip(drawn, found, strict=True):
        changed = [d["changed"] for d in one["dots"]]
        front = [d["changed"] for d in one["dots"] if d["front"]]
        assert len(front) == len(packages.front)
        assert all(mark["changed"] in changed for mark in one["marks"])
        assert one["left"] + len(changed) == len(packages.codes_k)
        kept = set(packages.front.tolist())
        kept |= {packages.codes_k.tolist().index(p.code) for p in packages.points}
        assert len(changed) <= max(len(kept), most)


def test_ladders_add_up_to_the_package(views, negotiation):
    ladders = {c.id: c for c in views.charts.values() if c.kind == "ladder"}
    assert ladders
    for ordering in negotiation.orders:
        chart = ladders.get(f"negotiation-ladder-{ordering.id}")
        if chart is None:
            continue
        table = views.tables[chart.table]
        for k, party in enumerate(ordering.parties):
            column = table.column(f"gain-{party}")
            assert [s["gain"][k] for s in chart.data["steps"]] == column
            whole = negotiation.deals.proposal(ordering.id)
            end = negotiation.conflict.gain(
                negotiation.conflict.index(party), negotiation.conflict.status_quo, whole.code
            )
            assert column[0] == 0
            # The same two sums, taken in another order.
            assert column[-1] == pytest.approx(end, abs=1e-6)


def test_ways_lead_from_the_status_quo_by_gains_of_all_who_move(views, negotiation):
    nodes = views.charts["negotiation-paths"].data["nodes"]
    conflict = negotiation.conflict
    labels = dict(
        zip((views_name(negotiation, n) for n in conflict.names), conflict.names, strict=True)
    )
    assert nodes[0]["code"] == conflict.status_quo
    assert len(nodes) == len(views.tables["negotiation-paths"].rows) >= 4
    for node in nodes[1:]:
        before = nodes[node["parent"]]["code"]
        movers = [name for label, name in labels.items() if label in node["head"]]
        assert movers
        for name in movers:
            i = conflict.index(name)
            here, there = np.array([before]), np.array([node["code"]])
            assert negotiation.stability.conflict.prefers(i, here, there).all(), node
        assert node["stable"] == bool(negotiation.stability.stable_is["SEQ"][:, node["code"]].all())


def views_name(negotiation, party):
    return negotiation.case.party(party).name


def test_votes_are_by_money_first_and_then_with_estimates(views, negotiation):
    panels = views.charts["negotiation-votes"].data["panels"]
    by_label = {v.label: v for v in negotiation.votes}
    for basis in ("money", "all"):
        for panel in panels[basis]:
            votes = by_label[panel["label"].rsplit(" (", 1)[0]]
            gain = votes.money if basis == "money" else votes.gain
            found = who_can_block(votes.votes.moments, gain, tolerance=1e-6)
            for moment, vote in zip(panel["moments"], found.votes, strict=True):
                stances = dict(zip(votes.members, moment["votes"], strict=False))
                if stances:
                    alone = {m for m, stance in stances.items() if stance == "alone"}
                    assert alone == set(vote.blocking.alone)
                    assert stances.keys() == set(vote.blocking.rule.members)
    table = views.tables["negotiation-votes"]
    assert len(table.rows) == 3 * len(negotiation.votes)


def test_belarus_names_who_would_block(of_belarus):
    views = views_of(negotiation=of_belarus)
    rows = {row[:2]: row for row in views.tables["negotiation-votes"].rows}
    repeal = rows["EU ban on import of potash (European Union)", "Repealing"]
    votes = next(v for v in of_belarus.votes if v.measure == "eu-potash")
    gainers = [m for m, g in zip(votes.members, votes.money, strict=True) if g > 1e-6]
    assert gainers == ["DEU", "NLD"]
    assert repeal[4].startswith("Germany")
    assert "any one of 27 members" in views.tables["negotiation-votes"].sentence
    moves = {row[1]: row for row in views.tables["negotiation-moves"].rows}
    assert moves["EU ban on import of potash"][3:6] == (
        "unanimity",
        "unanimity, one decision for ‘EU restrictive measures on Belarus’ "
        "(Council Decision 2012/642/CFSP of 15 October 2012), or all of it lapses",
        "unanimity",
    )
    assert "United States Congress" in moves["US embassy in Minsk closed"][5]


def test_belarus_is_bound_by_its_exchange_everywhere(of_belarus):
    tables = views_of(negotiation=of_belarus).tables
    stakes = {row[0]: row for row in tables["negotiation-stakes"].rows}
    event = next(e for e in of_belarus.events if str(e.date) == "2025-12-13")
    assert stakes["Belarus"][4] == stakes["Belarus"][5] == event.money_exchange > 0
    assert "in exchange: US sanctions on the Belarusian potash companies" in stakes["Belarus"][2]


def test_members_stand_by_name(of_belarus):
    tables = views_of(negotiation=of_belarus).tables
    assert "they cost France" in tables["negotiation-bounds"].sentence
    text = " ".join(str(cell) for key in ("negotiation-bounds", "negotiation-notes") for row in
                    tables[key].rows for cell in row)  # fmt: skip
    assert "Lithuania votes inside the European Union" in text
    assert not {"FRA", "LTU", "POL"} & set(text.replace(",", " ").split())
    gains = [c.label for c in tables["negotiation-proposals"].columns if c.key.startswith("gain-")]
    assert "European Union with Lithuania gains" in gains


def test_money_of_moves_has_the_bands_of_the_draws(of_belarus):
    moves = tuple(
        replace(m, low=tuple(g - 2 for g in m.gain), high=tuple(g + 3 for g in m.gain))
        for m in of_belarus.moves
    )
    table = views_of(negotiation=replace(of_belarus, moves=moves)).tables["negotiation-money"]
    for r, row in enumerate(table.rows):
        for column, cell in zip(table.columns[2:], row[2:], strict=True):
            assert table.band(r, column) == pytest.approx((cell - 2, cell + 3))
    assert "US_low" in table.to_frame().columns
    assert views_of(negotiation=of_belarus).tables["negotiation-money"].bands is None


def test_chances_and_observed_moves_say_their_share(made_up):
    views = views_of(negotiation=made_up)
    table, chart = views.tables["negotiation-chances"], views.charts["negotiation-chances"]
    shares = {(row[0], row[1]): row[3] for row in table.rows}
    drawn = {(g["label"], r["label"]): r["chance"] for g in chart.data["groups"] for r in g["rows"]}
    assert drawn
    assert all(shares[key] == pytest.approx(100 * chance) for key, chance in drawn.items())
    assert {k for k, share in shares.items() if 0 < share < 100} == set(drawn)
    events = views.tables["negotiation-events"]
    assert events.column("share") == [100 * e.share for e in made_up.events]
    assert "what ‘Trust’ is worth to the Union" in table.column("turned_by")


def test_hostile_text_stays_text(made_up):
    text = brief_html(views_of(negotiation=made_up), annex=True)
    for label in ("<script>alert", "<img src=x", "<b>bold", "<i>x</i>"):
        assert label not in text
    assert "Ban &lt;img src=x onerror=alert(2)&gt;" in text
    assert text.count("</script>") == 3


def test_a_published_conflict_has_sections_of_talks_alone(elmira, tmp_path):
    views = make_brief("elmira")
    assert [s.id for s in views.sections] == ["negotiation-moves", "negotiation-states", "check"]
    assert not any(s.note for s in views.sections)
    stable = {row[0].split(" (")[0]: row[2:] for row in views.tables["negotiation-stable"].rows}
    reported = elmira.case.conflict.reported
    for k, concept in enumerate(("nash", "gmr", "smr", "seq")):
        found = {f"state {s}" for s in reported[concept]}
        assert {state.lower() for state, cells in stable.items() if cells[k] == "stable"} == found
    assert views.tables["negotiation-paths"].column("state") == ["1", "5", "8"]
    assert "negotiation-stable.csv" in {p.name for p in write_csv(views, tmp_path)}
    assert "detente brief elmira" in brief_html(views, annex=True)


@pytest.mark.parametrize("which", ["of_belarus", "elmira"])
def test_the_terminal_says_why_and_what(which, request):
    negotiation = request.getfixturevalue(which)
    views = views_of(negotiation=negotiation)
    out = io.StringIO()
    print_summary(views, Console(width=100, file=out), "build/brief.html", details=True)
    text = " ".join(out.getvalue().split())
    if which == "elmira":
        assert "Stable Stable for all: 3 under Nash" in text
        return
    stake = negotiation.why("EU").stake
    assert f"European Union holds, moving: +{number(stake.move.parts[0], 1)}" in text
    assert "Nash" not in text
    assert "Deals Of 5,119 packages four leave all signatories better off" in text
    assert "They share this: ‘Balloon flights into Lithuania" in text
    assert "Blockers ‘EU restrictive measures on Belarus’ (two measures, one decision" in text


POINTS = ("Nash", "Kalai-Smorodinsky", "egalitarian", "utilitarian")


def test_no_point_of_bargaining_is_among_the_findings(negotiation):
    views = views_of(negotiation=negotiation)
    assert not [f for f in views.findings if any(p in f for p in POINTS)]
    notes = [views.tables[t].note for t in ("negotiation-packages", "negotiation-proposals")]
    assert all("is no proposal" in note for note in notes)
    assert any("Nash" in str(row[1]) for row in views.tables["negotiation-packages"].rows)


def test_points_of_sourced_values_may_be_told(of_belarus):
    known = [v.model_copy(update={"source": "a paper"}) for v in of_belarus.case.valuations]
    case = of_belarus.case.model_copy(update={"valuations": tuple(known)})
    views = views_of(negotiation=replace(of_belarus, case=case))
    assert any("At the Nash point" in f for f in views.findings)
    assert "is no proposal" not in views.tables["negotiation-packages"].note


def test_ties_are_named_as_ties(of_belarus):
    deals = of_belarus.deals
    nash = deals.everybody.point("Nash")
    other = next(int(c) for c in deals.everybody.codes_k if c != nash.code)
    points = (replace(nash, tied=(other,)),)
    tied = replace(deals, everybody=replace(deals.everybody, points=points))
    table = views_of(negotiation=replace(of_belarus, deals=tied)).tables["negotiation-packages"]
    assert [row[1] for row in table.rows if row[1]] == ["Nash (tied)", "Nash (tied)"]
    equal = tuple(replace(r, refused=7, alone=1) for r in deals.everybody.refusals)
    tied = replace(deals, everybody=replace(deals.everybody, refusals=equal))
    text = (
        views_of(negotiation=replace(of_belarus, deals=tied))
        .tables["negotiation-refusals"]
        .sentence
    )
    assert "Belarus, the European Union and Lithuania: 7 each" in text
    chance = AnswerChance(
        "accepted", "december", "A swap", True, 0.5, "patience.US", 0.25, 512, 32, ("patience.EU",)
    )
    assert "Alone, patience.US turns it in 25 % of its draws, and patience.EU as often" in str(
        chance
    )


def test_observed_moves_say_whether_they_are_in_sample(of_belarus):
    views = views_of(negotiation=of_belarus)
    events = views.tables["negotiation-events"]
    column = dict(zip(events.column("date"), events.column("in_view"), strict=True))
    assert "what ‘Pressure on Minsk upheld’ is worth to the European Union" in column["2023-02-24"]
    assert column["2025-10-29"] is None
    assert "Of the four moves out of sample" in events.sentence
    assert events.sentence in views.findings
    # A share of draws is not shown of a renewal that was made where the model would not.
    stated = tuple(replace(e, share=0.0, share_alone=0.0) for e in of_belarus.events)
    events = views_of(negotiation=replace(of_belarus, events=stated)).tables["negotiation-events"]
    shares = dict(zip(events.column("date"), events.column("share"), strict=True))
    assert shares["2026-02-26"] is None
    assert shares["2025-10-29"] == 0.0
    assert "No share is shown of renewals that were made" in events.note


def test_talks_stand_between_trade_and_what_it_rests_on(assessment, made_up):
    views = views_of(assessment, negotiation=made_up)
    alone = views_of(assessment)
    ids = [s.id for s in views.sections]
    assert ids == [
        *(s.id for s in alone.sections[:-2]),
        *(f"negotiation-{key}" for key in SECTIONS),
        *(s.id for s in alone.sections[-2:]),
    ]
    assert views.findings[: len(alone.findings)] == alone.findings
    assert len(views.findings) == len(alone.findings) + 6
    assert views.tables["reproduce"] == alone.tables["reproduce"]


def test_a_day_on_which_the_negotiation_makes_no_sense_is_named(monkeypatch):
    def impossible(*_):
        raise NegotiationError("The state cannot exist.")

    monkeypatch.setattr(making, "_negotiation", impossible)
    views = make_brief("belarus", "2022-06-01", horizon="short")
    assert not any(s.id.startswith("negotiation-") for s in views.sections)
    assert "cannot be asked about on 1 June 2022" in views.findings[-1]


def test_nothing_answered_is_refused():
    with pytest.raises(ValueError, match="give an answer, an assessment or a negotiation"):
        views_of()
