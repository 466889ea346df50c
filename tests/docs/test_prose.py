"""The prose of README and docs: sentences of at most 35 words, without slips of the keyboard."""

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md"]
LONGEST = 35
#: An end of a sentence is no end after these.
SHORT_FORMS = re.compile(r"\b(?:e\.g|i\.e|cf|no|vol|pp?|al|etc|vs|approx|Eq|Fig|Sec|Art|St)\.$")


def paragraphs(text):
    """The running text of a page, a paragraph or item at a time, without code and tables."""
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    table = 0
    for token in tokens:
        table += {"table_open": 1, "table_close": -1}.get(token.type, 0)
        if token.type == "inline" and not table:
            yield "".join(written(child) for child in token.children)


def written(token):
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return "X" if token.type == "code_inline" else token.content if token.type == "text" else ""


def sentences(paragraph):
    """The sentences of a paragraph. A colon at its end leads to a list and ends one."""
    out, begun = [], ""
    for part in re.split(r"(?<=[.?!])[\"’”)]*\s+(?=[‘“]|[\"(]?[A-Z0-9])", paragraph):
        begun = f"{begun} {part}".strip()
        if not SHORT_FORMS.search(begun):
            out.append(begun)
            begun = ""
    return [*out, begun] if begun else out


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_sentences_are_short_and_clean(page):
    found = [s for p in paragraphs(page.read_text("utf-8")) for s in sentences(p)]
    assert found or page.parent.name == "reference"
    faults = [f"{len(s.split())} words: {s}" for s in found if len(s.split()) > LONGEST] + [
        f"slip: {s}" for s in found if re.search(r"  |[−-]0(?:\.0+)?\b(?![.,]\d)", s)
    ]
    assert not faults, "\n".join(faults)


def test_the_check_sees_a_long_sentence_and_leaves_code_and_tables():
    long = "Word " + "word " * 35 + "end."
    page = f"# Title\n\nShort one. {long}\n\n```\n{long}\n```\n\n| a |\n|---|\n| {long} |\n"
    counts = [len(s.split()) for p in paragraphs(page) for s in sentences(p)]
    assert counts == [1, 2, 37]
