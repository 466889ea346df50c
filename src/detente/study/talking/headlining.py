"""The main results in sentences: first what rests on no valuation, then the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.study.talking.bargaining import Bargaining

if TYPE_CHECKING:
    from detente.study.talking.answer import TalksAnswer


def headlines_of(answer: TalksAnswer, setting: Bargaining) -> tuple[str, ...]:
    return ()
