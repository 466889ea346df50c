"""The brief of two pages as a Word document, for those who write on in it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente._files import write_file
from detente.errors import PackageMissing
from detente.report.two_pages import TwoPages, two_pages_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.report.contents import Views

#: Points of body text and tables, and of the picture's blocks.
_BODY, _TABLE, _FINE = 10.0, 8.5, 8.0
#: Blocks of the longest bar.
_BLOCKS = 24
_COLOURS = {"loss": "A8431A", "gain": "17638A", "zero": "6B747C"}


def write_docx(views: Views, path: str | Path, party: str | None = None) -> Path:
    """Write the two pages of a brief as a Word document; it needs python-docx, an extra.

    Args:
        views: of a case answered, from `views_of`.
        path: where to write it; folders on the way are made.
        party: from whose chair it is written, by id or name; None for nobody's.

    Returns:
        Path: the file written.

    Raises:
        PackageMissing: python-docx is not installed.
        NotWritten: it could not be written; the file that was there before is as it was.
        CaseError: the case has no such party; names the nearest.
    """
    return write_file(path, docx_of(two_pages_of(views, party)))


def docx_of(brief: TwoPages) -> bytes:
    """The document as bytes.

    Args:
        brief: from `two_pages_of`.

    Raises:
        PackageMissing: python-docx is not installed.
    """
    try:
        import docx
    except ImportError:
        raise PackageMissing(
            "A Word document needs the package python-docx, which is not installed.",
            'Install it (`pip install "detente[docx]"`), or print the HTML page.',
        ) from None
    document = docx.Document()
    _page(document)
    document.core_properties.title = brief.title
    document.core_properties.author = "détente"
    _first_page(document, brief)
    document.add_page_break()  # type: ignore[no-untyped-call]
    _second_page(document, brief)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _page(document: Any) -> None:
    """A4 with narrow margins, and text that is small enough for two pages."""
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(17)
    section.top_margin = section.bottom_margin = Mm(15)
    normal = document.styles["Normal"]
    normal.font.size = Pt(_BODY)
    normal.paragraph_format.space_after = Pt(3)


def _first_page(document: Any, brief: TwoPages) -> None:
    if brief.state:
        _said(document, brief.state, bold=True)
    document.add_heading(brief.title, level=1)
    chair = f"Written from the chair of {brief.seen_from} · " if brief.seen_from else ""
    _said(document, f"{chair}{brief.about}", size=_FINE)
    _said(document, " ".join(brief.answer), size=12.0)
    if brief.bars:
        document.add_heading("Who pays and who gains, USD million a year", level=2)
        _bars(document, brief)
    if brief.goods and brief.goods not in brief.answer:
        document.add_heading("Where the goods go", level=2)
        _said(document, brief.goods)
    if brief.rows:
        document.add_heading("Options side by side, USD million a year", level=2)
        table = _table(document, ["If …", *brief.columns, "Needs"])
        for row in brief.rows:
            cells = table.add_row().cells
            _cell(cells[0], row.label)
            for cell, text, tone in zip(cells[1:-1], row.figures, row.tones, strict=True):
                _cell(cell, text, colour=_COLOURS[tone], right=True)
            _cell(cells[-1], row.needs or "–")
        if brief.more:
            _said(document, brief.more, size=_FINE)


def _second_page(document: Any, brief: TwoPages) -> None:
    if brief.blocking:
        chair = f"What {brief.seen_from} can block, and who else can"
        document.add_heading(chair if brief.seen_from else "Who can block", level=2)
        _said(document, " ".join(brief.blocking))
    document.add_heading("What deal would hold", level=2)
    _said(document, " ".join(brief.deal))
    if brief.asks:
        _said(document, brief.asks_title, bold=True)
        heads = ["Signatory", "What it asks", "Worth to it, USD million a year"]
        table = _table(document, heads if brief.holds else [*heads, "Signs"])
        for ask in brief.asks:
            cells = table.add_row().cells
            for cell, text in zip(cells, (ask.name, ask.asks, ask.worth), strict=False):
                _cell(cell, text)
            if not brief.holds:
                _cell(cells[-1], "yes" if ask.signs else "no")
    if brief.sure:
        document.add_heading("How sure is this?", level=2)
        table = document.add_table(rows=0, cols=2, style="Table Grid")
        for label, text in brief.sure:
            cells = table.add_row().cells
            _cell(cells[0], label, bold=True)
            _cell(cells[1], text)
        _widths(table, (32, 144))
    document.add_heading("Sources", level=2)
    made = f" Made by: {brief.reproduce}." if brief.reproduce else ""
    _said(document, f"{' '.join(brief.sources)}{made}".strip(), size=_FINE)


def _bars(document: Any, brief: TwoPages) -> None:
    """The picture as blocks of letters, which any program shows and prints."""
    widest = max(bar.width for bar in brief.bars)
    table = document.add_table(rows=0, cols=3)
    for bar in brief.bars:
        cells = table.add_row().cells
        _cell(cells[0], bar.name, bold=bar.own)
        blocks = "█" * max(round(_BLOCKS * bar.width / widest), 1)
        _cell(cells[1], blocks, colour=_COLOURS[bar.tone])
        band = f" ({bar.band})" if bar.band else ""
        _cell(cells[2], f"{bar.figure}{band}", colour=_COLOURS[bar.tone], right=True)
    _widths(table, (56, 75, 45))


def _said(document: Any, text: str, *, size: float = _BODY, bold: bool = False) -> None:
    from docx.shared import Pt

    run = document.add_paragraph().add_run(text)
    run.font.size, run.bold = Pt(size), bold


def _table(document: Any, heads: Sequence[str]) -> Any:
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        _cell(cell, text, bold=True)
    return table


def _cell(
    cell: Any, text: str, *, colour: str = "", bold: bool = False, right: bool = False
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(_TABLE), bold
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)


def _widths(table: Any, widths: Sequence[int]) -> None:
    from docx.shared import Mm

    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
