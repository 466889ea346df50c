"""The brief of two pages: short, plain, from any chair, on two sheets of A4 and in a Word file."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pytest

from detente.analysis import labels as w
from detente.analysis.departure import MARK
from detente.cases import CaseError, NamedScenario, cases, load_case
from detente.report import brief_html, make_brief, write_brief
from detente.report.glossary import terms_for_details
from detente.report.two_pages import two_pages_of
from detente.report.word_document import docx_of

NAMES = [case.name for case in cases()]
#: The inner width of an A4 page with margins of 15 mm, in pixels of CSS.
PAGE = 181 / 25.4 * 96


class Words(HTMLParser):
    """What a page says: the text of its two pages."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self._on = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self._on += tag == "article"

    def handle_endtag(self, tag):
        self._on -= tag == "article"

    def handle_data(self, data):
        if self._on:
            self.text.append(data)


def words(text):
    """The words of a text: a figure is none."""
    return re.findall(r"\S*[^\W\d_]\S*", text)


def sentences(text):
    return [s for s in re.split(r"(?<=[.?!])\s+(?=[A-Z‘0-9])", text) if s]


@pytest.fixture(scope="module")
def made():
    """Every packaged case, whole."""
    return {name: make_brief(name) for name in NAMES}


@pytest.fixture(scope="module")
def empty():
    """A day without any measure."""
    return make_brief("belarus", "2019-01-01", full=False, draws=0)


@pytest.fixture(scope="module")
def opened():
    asked = {"label": "Klaipėda open", "measures": {"eu-transit": False, "lt-transit": False}}
    case = load_case("belarus").in_scenario(NamedScenario.model_validate(asked))
    return make_brief(case, full=False, draws=0)


def chairs(views):
    return [None, *(view.party for view in views.overview.parties)]


@pytest.mark.parametrize("name", NAMES)
def test_it_has_at_most_700_plain_words_from_every_chair(made, name):
    for party in chairs(made[name]):
        text = " ".join(Words(brief_html(made[name], party=party)).text)
        assert len(words(text)) <= 700, party
        # Sources carry the names that their publishers gave them.
        said = two_pages_of(made[name], party)
        plain = " ".join([*said.answer, said.goods, *said.blocking, *said.deal])
        plain += " ".join([*(t for _, t in said.sure), *(a.asks for a in said.asks), said.title])
        assert terms_for_details(plain) == ()


@pytest.mark.parametrize("name", NAMES)
def test_its_sentences_are_short_and_tidy(made, name):
    for party in chairs(made[name]):
        brief = two_pages_of(made[name], party)
        assert 1 <= len(brief.answer) <= 3
        for said in brief.sentences:
            assert said.endswith("."), said
            assert not re.search(r"  |;|−0(?:\.0+)?\b(?!\.)| None|nan|\.\.", said), said
            for sentence in sentences(said):
                assert len(sentence.split()) <= 35, sentence
        for figure in [x for row in brief.rows for x in row.figures]:
            assert figure == "0" or re.fullmatch(r"[+−][1-9][\d,]*(\.\d)?|[+−]0\.[1-9]", figure)


def test_the_answer_is_that_of_the_overview_and_of_its_tables(made):
    views = made["belarus"]
    brief = two_pages_of(views)
    gains = views.tables["gains"]
    at = gains.column("code").index("BLR")
    column = next(c for c in gains.columns if c.key == "equivalent_variation")
    value, band = gains.column("equivalent_variation")[at], gains.band(at, column)
    assert w.money(value, band) in brief.answer[0]
    bar = next(b for b in brief.bars if b.name == "Belarus")
    assert bar.figure == w.cell(value)
    options = views.tables["options"]
    whole = next(row for row in brief.rows if row.label == "Everything lifted")
    k = options.column("country").index("Russia")
    gain = options.column("lift-everything")[k]
    assert whole.figures[brief.columns.index("Russia")] == w.cell(gain)
    assert len(brief.rows) <= 6
    assert brief.rows[-1].label == "Everything kept"
    assert set(brief.rows[-1].tones) == {"zero"}


def test_bars_stand_in_proportion_on_one_axis(made):
    views = made["belarus"]
    brief = two_pages_of(views)
    values = {e.place.name: e.value for e in views.overview.effects}
    one, other = (b for b in brief.bars if b.name in ("Belarus", "Canada"))
    assert one.width / other.width == pytest.approx(
        abs(values[one.name] / values[other.name]), rel=0.01
    )
    for bar in brief.bars:
        end = bar.start + bar.width if bar.tone == "loss" else bar.start
        assert end == pytest.approx(brief.zero, abs=0.5)
        assert bar.low <= bar.high


def test_who_can_block_follows_from_the_rules_of_the_case(made):
    said = " ".join(made["belarus"].overview.blocking)
    assert "Every February one of 27 governments can let" in said
    assert "None has in four renewals." in said
    assert "the European Union and Lithuania can each keep it shut" in said
    said = " ".join(made["russia-coalition"].overview.blocking)
    assert "At each renewal one of 27 governments" in said
    assert "only if the United States Congress consents" in said
    said = " ".join(made["elmira"].overview.blocking)
    assert "The Local Government can change the present state by itself, and gains by it." in said


def test_a_deal_says_what_it_asks_of_whom(made):
    from detente.analysis.precomputed.negotiation import negotiation_of

    deal = made["belarus"].overview.deal
    found = negotiation_of(load_case("belarus"), draws=None).deals.everybody
    assert deal.holds
    for term, gains in zip(deal.terms, found.gain_kp.T, strict=True):
        assert (term.low, term.high) == pytest.approx((gains.min(), gains.max()))
        assert term.signs
    asked = deal.term("Belarus").asks
    assert "‘Release of 123 people (December 2025)’" in asked[0]
    assert asked[1].startswith("in three of four, ")
    assert deal.term("Lithuania").asks == ()
    assert deal.term("Canada") is None
    none = made["russia-coalition"].overview.deal
    assert not none.holds
    assert not any(term.signs for term in none.terms)
    assert "‘The United States leaves’ comes nearest" in none.sentences[1]


def test_every_party_sees_its_own_effect_first(made):
    for views in made.values():
        for view in views.overview.parties:
            brief = two_pages_of(views, view.party)
            assert brief.seen_from == view.name
            assert brief.blocking
            if view.effect is not None and (view.effect.pays or view.effect.gains):
                assert view.effect.money in brief.answer[0]
                assert [b.own for b in brief.bars].count(True) == 1
            if view.options is not None:
                gains = [row.gains[0] for row in view.options.rows if len(row.measures)]
                steps = [g for g, row in zip(gains, view.options.rows, strict=False)
                         if row.id != "lift-everything"]  # fmt: skip
                assert steps == sorted(steps, reverse=True)
                assert brief.columns[0] == view.effect.place.name


def test_a_party_is_named_by_id_name_or_code_and_misspelt_ones_are_refused(made):
    views = made["belarus"]
    assert {two_pages_of(views, p).title for p in ("US", "united states", "USA")} == {
        two_pages_of(views, "US").title
    }
    with pytest.raises(CaseError, match=r"no party 'Lithuana'.*Lithuania"):
        two_pages_of(views, "Lithuana")


def test_what_lithuania_can_block(made):
    brief = two_pages_of(made["belarus"], "Lithuania")
    said = " ".join(brief.blocking)
    assert "‘Lithuanian stop of potash transit to Klaipėda’, and nobody else can end it" in said
    assert "As one of 27 members it can keep any measure" in said
    assert "Every February it can let ‘EU restrictive measures on Belarus’ lapse alone." in said
    assert brief.asks[0].name == "Lithuania"


def test_a_day_without_measures_says_so_and_claims_nothing_else(empty):
    brief = two_pages_of(empty)
    assert brief.answer[0] == "The measures move no party by USD 0.1 million a year."
    assert brief.bars == ()
    assert brief.rows == ()
    assert brief.deal == ("This brief leaves the negotiation out, so that it names no deal.",)


def test_a_scenario_says_so_in_title_first_line_and_file_name(opened, tmp_path, monkeypatch):
    brief = two_pages_of(opened)
    assert brief.state == f"{MARK}: Klaipėda open (2 changes)"
    assert brief.title.startswith(f"{MARK} ‘Klaipėda open’: ")
    page = brief_html(opened)
    first = " ".join(Words(page).text).split("\n")
    assert next(line.strip() for line in first if line.strip()) == brief.state
    assert f"<title>{MARK} ‘Klaipėda open’: " in page
    assert opened.stem != "belarus"
    assert two_pages_of(opened, "EU").title.startswith(f"{MARK} ‘Klaipėda open’: ")


def test_without_the_annex_the_file_is_small_and_runs_nothing(made):
    page = brief_html(made["belarus"])
    assert len(page) < 60_000
    assert "<script" not in page
    assert "script-src" not in page
    assert "--annex" in page
    whole = brief_html(made["belarus"], annex=True)
    assert 'href="#annex"' in whole
    assert 'id="annex"' in whole


def test_the_word_document_says_the_same(made, opened):
    docx = pytest.importorskip("docx")
    for views, party in [(made["belarus"], None), (made["elmira"], "LG"), (opened, "EU")]:
        brief = two_pages_of(views, party)
        document = docx.Document(io.BytesIO(docx_of(brief)))
        text = "\n".join(p.text for p in document.paragraphs)
        cells = {c.text for t in document.tables for row in t.rows for c in row.cells}
        for said in brief.sentences:
            assert said in text or said in cells, said
        assert brief.title in text
        assert brief.state in text
        for row in brief.rows:
            assert {row.label, *row.figures} <= cells
        assert {a.asks for a in brief.asks} <= cells


def pages_of(pdf):
    """How many pages a PDF of Chromium has."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_it_prints_on_two_pages_of_a4_from_every_chair(browser, made, name):
    tab = browser.new_page()
    for party in chairs(made[name]):
        tab.set_content(brief_html(made[name], party=party))
        assert pages_of(tab.pdf(prefer_css_page_size=True)) == 2, party
    tab.close()


@pytest.mark.browser
def test_short_briefs_print_on_two_pages_and_no_phone_scrolls_sideways(
    browser, made, empty, opened
):
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    for views in (empty, opened, *made.values()):
        tab.set_content(brief_html(views))
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
        assert pages_of(tab.pdf(prefer_css_page_size=True)) == 2
    tab.close()


@pytest.mark.browser
def test_dark_pages_are_dark_and_their_annex_is_white(browser, made, tmp_path):
    path = write_brief(made["elmira"], tmp_path / "brief.html", annex=True)
    tab = browser.new_page(color_scheme="dark")
    tab.goto(path.as_uri())
    colours = "n => getComputedStyle(document.querySelector(n)).backgroundColor"
    assert tab.evaluate(colours, "html") == "rgb(20, 24, 28)"
    assert tab.evaluate(colours, ".annex") == "rgb(255, 255, 255)"
    ink = "getComputedStyle(document.querySelector('.answer')).color"
    assert tab.evaluate(ink) == "rgb(230, 233, 236)"
    tab.close()


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_no_table_of_the_annex_is_wider_than_the_page(browser, made, name, tmp_path):
    path = write_brief(made[name], tmp_path / "brief.html", annex=True)
    tab = browser.new_page(viewport={"width": int(PAGE), "height": 1000})
    tab.goto(path.as_uri())
    tab.emulate_media(media="print")
    wide = tab.evaluate(
        "[...document.querySelectorAll('.annex table')]"
        ".map(t => [t.closest('[data-table]').dataset.table, t.getBoundingClientRect().width])"
    )
    assert len(wide) >= len(made[name].tables)
    assert [found for found in wide if found[1] > PAGE + 1] == []
    shown = tab.evaluate(
        "Object.fromEntries([...document.querySelectorAll('[data-table]')].map(n =>"
        " [n.dataset.table, new Set([...n.querySelectorAll('thead th')]"
        ".filter(t => t.getClientRects().length).map(t => t.textContent)).size]))"
    )
    for key, table in made[name].tables.items():
        plain = {(c.label, c.unit) for c in table.columns if not c.group}
        assert shown[key] >= len({label for label, _ in plain}), key
    assert tab.locator("nav ol li").count() == len(made[name].sections)
    tab.close()
