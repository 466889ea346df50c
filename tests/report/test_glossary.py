"""Words: few terms, each explained, and what readers see first without those of details."""

import importlib.util
import re
from pathlib import Path

import pytest

from detente.report import make_brief
from detente.report.glossary import glossary, terms_for_details

ROOT = Path(__file__).resolve().parents[2]


def sentences(text):
    return [s for s in re.split(r"(?<=[.?!])\s+", text) if s]


def test_terms_are_few_distinct_and_explained_in_two_sentences():
    terms = glossary()
    assert len(terms) <= 40
    assert len({t.term for t in terms}) == len(terms)
    for term in terms:
        said = sentences(term.meaning)
        assert 1 <= len(said) <= 3, term
        assert all(len(s.split()) <= 35 for s in said), term
        if term.front:
            assert not terms_for_details(term.meaning.replace(term.term, "")), term


def test_the_page_is_written_from_it():
    path = ROOT / "data-build" / "glossary.py"
    spec = importlib.util.spec_from_file_location("glossary_page", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8") == module.page()
    assert (ROOT / "docs" / "sectors.md").read_text(encoding="utf-8") == module.sectors_page()


def test_words_of_details_are_found_whole_and_as_written():
    assert terms_for_details("The Nash point and SEQ, but a Nashville route") == (
        "Nash point",
        "SEQ",
    )
    assert terms_for_details("What a measure costs whom") == ()


@pytest.mark.parametrize("case", ["belarus", "russia-coalition", "elmira"])
def test_what_an_overview_says_needs_no_glossary(case):
    overview = make_brief(case).overview
    for chapter in overview.chapters:
        text = " ".join(filter(None, (chapter.sentence, chapter.paragraph, chapter.bullet)))
        assert terms_for_details(text) == (), chapter.id
        assert "  " not in text
        assert not re.search(r"[−-]0(?:\.0+)?\b(?![.,]\d)", text), chapter.id
        assert "; " not in text or text.count("; ") <= 3
