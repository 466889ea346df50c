"""What a little more of every barrier costs the target and the sender: a ranked menu."""

from __future__ import annotations

from detente.analysis.sensitivities.instruments import Entry as Entry
from detente.analysis.sensitivities.instruments import MeasureEntry as MeasureEntry
from detente.analysis.sensitivities.instruments import Sensitivity as Sensitivity
from detente.analysis.sensitivities.question import sensitivity as sensitivity
