"""A new case from sentences: what is read, what is refused where, and the file that comes out."""

from __future__ import annotations

import datetime as dt
import os
import re
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from typer.testing import CliRunner

from detente import answer, load_case, load_world
from detente.analysis.closings import new_case, one_measure
from detente.cases import read_case, world_of
from detente.cases.drafts import DraftForm, MeasureSentence, find_good, parsed
from detente.cases.drafts.blocs import blocs
from detente.cli import app
from detente.report.case_check import check_case
from detente.world import available_groups, members

OIL = "EU bans imports of crude oil from Russia, except Hungary, Slovakia and Czechia"
METAL = "EU bans imports of metal from Russia, leaving 60 %, since 2022-03-16"


@pytest.fixture(scope="module")
def world():
    return load_world()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (OIL, {"excepted": ("Hungary", "Slovakia", "Czechia"), "goods": "crude oil"}),
        (METAL, {"leaving": 60.0, "since": dt.date(2022, 3, 16)}),
        (
            "The United States taxes imports of steel from China by 25 %.",
            {"owner": "United States", "verb": "taxes", "percent": 25.0},
        ),
        (
            "US hinders exports of electronics to China and Hong Kong by 10 %, except Hong Kong",
            {"direction": "exports", "verb": "hinders", "other": "China and Hong Kong"},
        ),
        ("Japan bans trade in everything with Russia", {"direction": "trade"}),
        ("EU bans imports of coal from Russia, since 2022-08-10, leaving 5 %", {"leaving": 5.0}),
        (
            "EU except Hungary, Slovakia bans imports of coal from Russia",
            {"owner": "EU", "excepted": ("Hungary", "Slovakia")},
        ),
        (
            "G7 and EU ban imports of coal from Russia, except Hungary",
            {"owners": ("G7", "EU"), "verb": "bans"},
        ),
        (
            "G7 and the EU cap the price of crude oil from Russia at 60 USD per barrel",
            {"verb": "caps", "price": 60.0, "unit": "USD per barrel", "direction": "imports"},
        ),
        ("US limits imports of steel from Japan to 60 %", {"verb": "limits", "share": 60.0}),
        (
            "China limits exports of ores to Japan to USD 1.5 billion, with rent to the exporter",
            {"money": 1500.0, "rent": "origin", "other": "Japan"},
        ),
        (
            "US taxes imports of steel from Japan by 25 % beyond USD 400 million, since 2022-04-01",
            {"percent": 25.0, "money": 400.0, "since": dt.date(2022, 4, 1)},
        ),
        (
            "US licenses imports of crude oil from Russia up to USD 900 million",
            {"verb": "licenses", "money": 900.0},
        ),
    ],
)
def test_a_sentence_is_read_into_its_parts_and_said_again(text, parts) -> None:
    found = parsed(text)
    assert isinstance(found, MeasureSentence)
    assert {key: getattr(found, key) for key in parts} == parts
    assert parsed(found.text) == found


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("hello", "m", "not read as a measure"),
        ("US taxes imports of steel from China", "m.percent", "the rate is missing"),
        ("US bans imports of steel from China by 25 %", "m.percent", "a ban has no rate"),
        ("EU bans imports of coal from Russia, leaving 100 %", "m.leaving", "no share"),
        ("US taxes imports of coal from Russia by 5 %, leaving 5 %", "m.leaving", "only a ban"),
        ("EU bans imports of coal from Russia, since June", "m.since", "is not a day"),
        ("US limits imports of steel from Japan", "m.amount", "the amount is missing"),
        (
            "US limits imports of steel from Japan up to 5 %",
            "m.amount",
            "says nothing of what limits",
        ),
        ("US bans imports of steel from Japan to 5 %", "m.amount", "has no amount"),
        ("US limits imports of steel from Japan to 0 %", "m.amount", "not above 0"),
        ("US caps the price of oil from Russia", "m.price", "the price is missing"),
        ("US caps imports of oil from Russia at 60 USD per barrel", "m.verb", "only a price"),
        ("US bans the price of oil from Russia", "m.verb", "only a price"),
        ("US bans imports of oil from Japan, with rent to the exporter", "m.rent", "only a quota"),
        ("US hinders imports of oil from Japan by 5 % at 9 USD per ton", "m.price", "only a cap"),
    ],
)
def test_what_is_wrong_with_a_sentence_is_said_at_its_part(text, key, words) -> None:
    found = parsed(text, "m")
    assert not isinstance(found, MeasureSentence)
    assert [(f.key, words in f.message, bool(f.remedy)) for f in found] == [(key, True, True)]


@pytest.mark.parametrize(
    ("text", "sectors", "part"),
    [
        ("crude oil", ("B06",), True),
        ("natural gas", ("B06",), True),
        ("2710", ("C19",), True),
        ("2711", ("B06", "C19"), True),
        ("270900", ("B06",), True),
        ("HS 72", ("C24A",), True),
        ("2716", ("D",), True),
        ("steel", ("C24A", "C25"), True),
        ("metals", ("C24A", "C24B", "C25"), True),
        ("8802", ("C302T309",), True),
        ("84", ("C25", "C26", "C27", "C28"), True),
        ("Finance and insurance", ("K",), False),
        ("C20", ("C20",), False),
        ("everything", ("*",), False),
    ],
)
def test_goods_by_name_code_and_sector(world, text, sectors, part) -> None:
    found = find_good(text, world.goods)
    assert (found.sectors, found.part) == (sectors, part)
    assert find_good("99", world.goods) is None
    assert find_good("unobtainium", world.goods) is None


@pytest.mark.parametrize(
    ("text", "sectors"),
    [
        ("crude oil", ("AGRI_MIN_FOOD",)),
        ("2710", ("MANUF_EXFOOD",)),
        ("metals", ("MANUF_EXFOOD",)),
        ("2716", ("UTILITIES",)),
        ("wheat", ("AGRI_MIN_FOOD",)),
        ("27", ("AGRI_MIN_FOOD", "MANUF_EXFOOD", "UTILITIES")),
    ],
)
def test_goods_of_the_coarse_world(text, sectors) -> None:
    assert find_good(text, load_world("oecd-2020").goods).sectors == sectors


def test_blocs_have_their_members_rule_source_and_date() -> None:
    assert set(blocs()) == set(available_groups())
    for bloc in blocs().values():
        assert bloc.source
        assert bloc.href or "no link on file" in bloc.cited or bloc.cited == "analyst estimate"
        if bloc.evidence == "none" and bloc.source != "analyst estimate":
            assert bloc.remark.endswith("check it.")
        assert bloc.checked
        assert members(bloc.id)
    assert blocs()["EU"].renewal("BLR").days == ("02-28",)
    assert blocs()["G7"].source == "analyst estimate"


def test_what_a_ban_closes_is_counted_in_the_base_year() -> None:
    new = one_measure(OIL)
    (found,) = new.closings
    world = world_of(read_case(new.text))
    union = [c for c in members("EU", "2025-01-01") if c not in ("HUN", "SVK", "CZE")]
    at = [world.country(c) for c in union if c in world.countries]
    j, russia = world.good("crude-oil"), world.country("RUS")
    closed = world.trade_jni[j, at, russia]
    abroad = np.delete(world.trade_jni[j, :, russia], russia).sum()
    assert found.flows == np.count_nonzero(closed) > 10
    assert found.value == pytest.approx(closed.sum())
    (share,) = found.shares
    assert (share.whose, share.flow) == ("Russia", "exports")
    assert share.share == pytest.approx(closed.sum() / abroad)
    percent = round(100 * share.share)
    assert found.sentence.endswith(
        f"in the base year: {percent} % of Russia's exports of crude oil."
    )
    assert found.notes == ()


def test_a_good_of_the_product_layer_is_split_out_and_others_say_so() -> None:
    form = DraftForm(
        title="Three",
        date="2023-01-01",
        measures=(OIL, METAL, "EU bans imports of gold from Russia", "EU bans imports of 27 "
                  "from Russia"),
    )  # fmt: skip
    found = new_case(form)
    assert found.ok
    case = read_case(found.text)
    assert [(g.id, g.hs, g.year) for g in case.goods] == [("crude-oil", "270900", 2022)]
    goods = [m.sets[0].embargo.goods.include for m in case.measures]
    assert goods[0] == ("crude-oil",)
    assert "covers all of them" in found.closings[1].notes[0]
    assert goods[2] == ("C24B",)
    assert "It is not split out: gold" in found.closings[2].notes[1]
    # The ban of a whole chapter covers what another measure took out of its sectors.
    assert {"B06", "crude-oil"} <= set(goods[3])


def test_a_case_is_written_from_a_world_parties_and_goods_alone(tmp_path) -> None:
    file = tmp_path / "oil"
    options = ["--world", "oecd28-2021", "--parties", "EU,US,RUS", "--goods", "270900"]
    done = CliRunner().invoke(app, ["new", str(file), *options])
    assert done.exit_code == 0, done.output
    found = check_case(str(file.with_suffix(".yaml")))
    assert found.ok
    assert [p.id for p in found.case.parties] == ["EU", "United-States", "Russia"]
    assert found.case.goods[0].hs == "270900"
    (measure,) = found.case.measures
    assert measure.in_force == ()
    assert measure.sets[0].embargo.goods.include == ("crude-oil",)


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        ({"goods": ("270910",)}, "goods[0]", "270900 (crude oil)"),
        ({"goods": ("gold",)}, "goods[0]", "larger than its sector"),
        ({"parties": ("EU",)}, "parties", "fewer than two"),
        ({"world": "oecd28-2032"}, "world", "Did you mean oecd28-20"),
    ],
)
def test_what_is_wrong_with_the_goods_of_a_form_is_said_there(change, key, words) -> None:
    given = {"title": "Oil", "date": "2022-01-01", "parties": ("EU", "RUS"), "goods": ("crude",)}
    (fault,) = new_case(DraftForm(**{**given, **change})).faults
    assert fault.key == key
    assert words in f"{fault.message} {fault.remedy}"


def test_exports_are_counted_in_what_the_others_buy(world) -> None:
    (found,) = one_measure("US bans exports of everything to Canada").closings
    canada, usa = world.country("CAN"), world.country("USA")
    bought = world.trade_jni[:, canada, :].sum(axis=0)
    expected = bought[usa] / np.delete(bought, canada).sum()
    assert found.shares[0].flow == "imports"
    assert found.shares[0].share == pytest.approx(expected)


def test_all_faults_of_a_form_come_at_once_and_sound_measures_are_answered() -> None:
    form = DraftForm(
        date="June",
        parties=("Narnia",),
        measures=("EU bans imports of crud oil from Rusia", METAL, "EU bans trade in wine with EU"),
    )
    found = new_case(form)
    assert not found.ok
    assert found.text == ""
    assert [f.key for f in found.faults] == [
        "title",
        "date",
        "measures[0].other",
        "measures[0].goods",
        "measures[2].other",
        "parties[0]",
    ]
    assert all(f.message and f.remedy for f in found.faults)
    assert [(c.measure, c.flows) for c in found.closings] == [(1, 80)]


def test_an_exception_stands_on_the_side_that_it_belongs_to() -> None:
    text = "US taxes imports of steel from China, Japan and Canada by 25 %, except Canada"
    found = one_measure(text)
    assert found.ok
    assert "origin: [CHN, JPN]" in found.text
    wrong = one_measure("US bans imports of steel from China, except Peru")
    assert [f.key for f in wrong.faults] == ["measures[0].excepted"]


def test_the_union_bans_russian_metal_from_form_to_answer(tmp_path) -> None:
    form = DraftForm(
        title="The Union bans Russian metal: an example",
        date="2023-06-01",
        parties=("China",),
        measures=(METAL, "Russia taxes exports of natural gas to EU by 10 %"),
    )
    found = new_case(form)
    assert found.faults == ()
    path = tmp_path / "metal.yaml"
    path.write_text(found.text, encoding="utf-8")
    case = load_case(path)
    assert [p.id for p in case.parties] == ["EU", "Russia", "China"]
    assert case.party("EU").rule.kind == "unanimity"
    assert case.value("eu-ban-metal_passing".replace("-", "_")) == 0.6
    assert case.measure("eu-ban-metal").expiry == "lapses"
    assert "2014/512/CFSP" in found.text
    assert case.measures[1].sets[0].kind == "export_tax"
    assert check_case(str(path)).ok
    gains = answer(case).assessment.regime.equivalent_variation_n
    assert gains[load_world().country("RUS")] < 0


def test_the_command_writes_a_case_that_gives_a_brief(tmp_path) -> None:
    path = tmp_path / "new.yaml"
    ask = ["new", str(path), "--title", "Metal", "--date", "2023-06-01", "--measure", METAL]
    run = CliRunner().invoke
    done = run(app, ask)
    assert done.exit_code == 0, done.output
    assert "Leaves 60 % of 80 flows worth USD " in done.output
    assert run(app, ask).exit_code == 1, "it does not replace a file unasked"
    assert run(app, ["check", str(path)]).exit_code == 0
    page = tmp_path / "page.html"
    brief = run(app, ["brief", str(path), "--quick", "--out", str(page)])
    assert brief.exit_code == 0, brief.output
    assert page.is_file()
    wrong = run(app, ["new", str(tmp_path / "x.yaml"), "--measure", "hello"])
    assert wrong.exit_code == 1
    assert "measures[0]" in str(wrong.exception)
    assert not (tmp_path / "x.yaml").exists()


@contextmanager
def terminal(*arguments: str) -> Iterator[tuple[Callable[[str, str], str], subprocess.Popen]]:
    """The command on a terminal of its own: `reply` waits for words and types a line."""
    ours, its = os.openpty()
    code = "import sys; from detente.cli import main; sys.exit(main())"
    plain = {**os.environ, "TERM": "dumb", "COLUMNS": "80", "NO_COLOR": "1"}
    command = [sys.executable, "-c", code, "new", *arguments]
    process = subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=plain)
    os.close(its)

    def reply(words: str, line: str) -> str:
        """What was shown up to some words; None of these before the end is a failure."""
        shown = ""
        while words not in " ".join(shown.split()):
            ready, _, _ = select.select([ours], [], [], 60)
            assert ready, shown
            try:
                shown += os.read(ours, 4096).decode()
            except OSError:
                raise AssertionError(shown) from None
        os.write(ours, f"{line}\n".encode())
        return " ".join(shown.split())

    try:
        yield reply, process
    finally:
        process.kill()
        process.wait()
        os.close(ours)


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_on_a_terminal_wrong_answers_are_asked_for_again(tmp_path) -> None:
    path = tmp_path / "asked.yaml"
    with terminal(str(path)) as (reply, process):
        reply("What is the case about?", "")
        reply("What is the case about?", "Metal")
        reply("Which day is assessed?", "yesterday")
        shown = reply("Which day is assessed?", "2023-06-01")
        assert "'yesterday' is not a day. Write it as 2025-12-01." in shown
        reply("A measure (empty to end)", "")
        shown = reply("A measure (empty to end)", "hello")
        assert "A case needs a measure" in shown
        shown = reply("A measure (empty to end)", "EU bans imports of metal from Rusia")
        assert "'hello' is not read as a measure." in shown
        assert "measures[0]" not in shown
        shown = reply("A measure (empty to end)", METAL)
        assert "Did you mean Russia" in shown
        shown = reply("A measure (empty to end)", "")
        assert "Leaves 60 % of 80 flows worth USD " in shown
        shown = reply("Next: detente check", "")
        assert "Leaves 60 %" not in shown, "what was answered is not said again"
        assert process.wait(60) == 0
    case = load_case(str(path))
    assert (case.title, case.date.isoformat()) == ("Metal", "2023-06-01")
    assert len(case.measures) == 1


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_on_a_terminal_options_are_not_asked_for_and_an_end_leaves_no_file(tmp_path) -> None:
    path = tmp_path / "asked.yaml"
    with terminal(str(path), "--title", "Metal", "--date", "2023-06-01") as (reply, process):
        shown = reply("A measure (empty to end)", METAL)
        assert "What is the case about?" not in shown
        reply("A measure (empty to end)", "\x04")
        assert process.wait(60) != 0
    assert not path.exists()
    with terminal(str(path), "--title", "M", "--date", "2023-06-01", "--measure", METAL) as (
        reply,
        process,
    ):
        shown = reply("Next: detente check", "")
        assert "A measure (empty to end)" not in shown
        assert "Leaves 60 % of 80 flows" in shown
        assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("US limits imports of steel from Japan to 60 %", "quota share=0.6"),
        ("US limits imports of steel from Japan to USD 400 million", "quota value=400.0"),
        (
            "US taxes imports of steel from Japan by 25 % beyond 60 %",
            "quota share=0.6 beyond=0.25",
        ),
        (
            "US licenses exports of steel to Japan up to USD 5 million, with rent to the exporter",
            "licence value=5.0 rent=origin",
        ),
        (
            "US caps the price of crude oil from Russia at 60 USD per barrel",
            "price_cap price=60 unit=USD per barrel",
        ),
    ],
)
def test_every_verb_makes_the_setting_that_it_says(text, setting) -> None:
    found = new_case(DraftForm(title="x", date="2023-01-01", measures=(text,))).require()
    case = read_case(found.text)
    (one,) = case.measures[0].sets
    kind, *parts = setting.split(" ", 1)
    assert one.kind == kind
    for key, wanted in re.findall(r"(\w+)=(.+?)(?= \w+=|$)", " ".join(parts)):
        given = getattr(one.effect, key)
        assert given == (wanted if isinstance(given, str) else float(wanted))
    assert case.measures[0].label == text
    assert bool(case.not_computed) == (kind == "price_cap")


def test_joint_owners_each_hold_a_measure_of_their_own(world) -> None:
    text = "G7 and EU ban imports of metal from Russia, except Hungary"
    found = new_case(DraftForm(title="x", date="2023-01-01", measures=(text,))).require()
    case = read_case(found.text)
    seven, union = case.measures
    assert (seven.owner, union.owner) == ("G7", "EU")
    assert union.id.removesuffix("EU") == seven.id.removesuffix("G7")
    markets = [set(case.countries(m.sets[0].effect.market, world)) for m in (seven, union)]
    assert markets[0] == set(members("G7", "2023-01-01"))
    assert "HUN" not in markets[1]
    assert len(markets[1]) == 26
    assert case.party("EU").rule.kind == "unanimity"
    # A flow that both close is one flow, and stays closed while one of them holds.
    (closing,) = found.closings
    russia, goods = world.country("RUS"), case.measures[0].sets[0].effect.goods.goods(world.goods)
    at = [world.country(c) for c in markets[0] | markets[1]]
    cells = world.trade_jni[np.ix_([world.good(g) for g in goods], at, [russia])]
    assert closing.value == pytest.approx(cells.sum())
    assert closing.flows == int((cells > 1e-6).sum())


def test_parties_alone_make_a_frame_with_rules_and_renewals(tmp_path) -> None:
    path = tmp_path / "oil"
    done = CliRunner().invoke(app, ["new", str(path), "--parties", "EU,US,RUS"])
    assert done.exit_code == 0, done.output
    file = str(path.with_suffix(".yaml"))
    checked = check_case(file)
    assert checked.ok, checked.sentences
    case = load_case(file)
    assert [p.members for p in case.parties] == [("EU",), ("USA",), ("RUS",)]
    assert case.party("EU").rule.kind == "unanimity"
    (renewal,) = case.renewals
    assert renewal.measures == (case.measures[0].id,)
    assert renewal.decision.title == "Council Decision 2014/512/CFSP"
    assert "01-31 and 07-31" in renewal.note
    assert case.in_force() == ()
