"""What a little more of every barrier costs the target and the sender: a ranked menu."""

from __future__ import annotations

from detente.study.sensitivities.asking import sensitivity as sensitivity
from detente.study.sensitivities.menu import Entry as Entry
from detente.study.sensitivities.menu import MeasureEntry as MeasureEntry
from detente.study.sensitivities.menu import Sensitivity as Sensitivity
