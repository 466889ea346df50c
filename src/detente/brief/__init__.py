"""What people read: tables, charts, a self-contained HTML page, a terminal summary, files.

Public names are imported on first use, so that `import detente.brief` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.brief.bands import bands_of as bands_of
    from detente.brief.export import write_csv as write_csv
    from detente.brief.export import write_json as write_json
    from detente.brief.html import brief_html as brief_html
    from detente.brief.html import write_brief as write_brief
    from detente.brief.making import make_brief as make_brief
    from detente.brief.page import Bands as Bands
    from detente.brief.table import Chart as Chart
    from detente.brief.table import Column as Column
    from detente.brief.table import Link as Link
    from detente.brief.table import Table as Table
    from detente.brief.terminal import print_summary as print_summary
    from detente.brief.views import Views as Views
    from detente.brief.views import views_of as views_of

_HOME = {
    "bands_of": "bands",
    "make_brief": "making",
    "Bands": "page",
    "write_csv": "export",
    "write_json": "export",
    "brief_html": "html",
    "write_brief": "html",
    "Chart": "table",
    "Column": "table",
    "Link": "table",
    "Table": "table",
    "print_summary": "terminal",
    "Views": "views",
    "views_of": "views",
}
__all__ = sorted(_HOME)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'detente.brief' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"detente.brief.{_HOME[name]}"), name)
    globals()[name] = value
    return value
