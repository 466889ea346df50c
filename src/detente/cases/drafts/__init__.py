"""Drafts: a case file from a form, with measures as sentences.

Names are imported on first use, so that `import detente.cases.drafts` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.cases.drafts.blocs import Bloc as Bloc
    from detente.cases.drafts.draft import Draft as Draft
    from detente.cases.drafts.draft import DraftForm as DraftForm
    from detente.cases.drafts.draft import day_after as day_after
    from detente.cases.drafts.draft import drafted as drafted
    from detente.cases.drafts.goods import Good as Good
    from detente.cases.drafts.goods import find_good as find_good
    from detente.cases.drafts.sentences import MeasureSentence as MeasureSentence
    from detente.cases.drafts.sentences import parsed as parsed

_HOME = {
    "Bloc": "blocs",
    "Draft": "draft",
    "DraftForm": "draft",
    "Good": "goods",
    "MeasureSentence": "sentences",
    "day_after": "draft",
    "drafted": "draft",
    "find_good": "goods",
    "parsed": "sentences",
}
__all__ = sorted(_HOME)  # noqa: PLE0605
__getattr__ = lazy(__name__, _HOME)


def __dir__() -> list[str]:
    return sorted(__all__)
