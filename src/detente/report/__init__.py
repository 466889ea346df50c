"""What people read: tables, charts, a self-contained HTML page, a terminal summary, files.

Public names are imported on first use, so that `import detente.report` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.report.build import make_brief as make_brief
    from detente.report.contents import Views as Views
    from detente.report.contents import views_of as views_of
    from detente.report.export import write_csv as write_csv
    from detente.report.export import write_json as write_json
    from detente.report.html import brief_html as brief_html
    from detente.report.html import write_brief as write_brief
    from detente.report.maps import draw_map as draw_map
    from detente.report.table import Chart as Chart
    from detente.report.table import Column as Column
    from detente.report.table import Link as Link
    from detente.report.table import Table as Table
    from detente.report.terminal import print_summary as print_summary
    from detente.report.word_document import write_docx as write_docx


_HOME = {
    "make_brief": "build",
    "write_csv": "export",
    "write_json": "export",
    "brief_html": "html",
    "write_brief": "html",
    "draw_map": "maps",
    "Chart": "table",
    "Column": "table",
    "Link": "table",
    "Table": "table",
    "print_summary": "terminal",
    "Views": "contents",
    "views_of": "contents",
    "write_docx": "word_document",
}
__all__ = sorted(_HOME)  # noqa: PLE0605
__getattr__ = lazy(__name__, _HOME)


def __dir__() -> list[str]:
    return sorted(__all__)
