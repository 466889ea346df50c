"""What degrees of enforcement mean, in the words of the measure."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from detente.analysis.enforcement import enforcement_words
from detente.cases import cases, load_case


@pytest.mark.parametrize(
    ("label", "kind", "half", "whole"),
    [
        (
            "EU ban on import of potash",
            "sanction",
            "half of the imports that it covers stay closed",
            "ban fully in force",
        ),
        (
            "US export controls",
            "export_control",
            "half of the exports that it covers stay closed",
            "controls fully in force",
        ),
        (
            "Canadian import and export bans",
            "sanction",
            "half of the trade that it covers stays closed",
            "bans fully in force",
        ),
        (
            "Lithuanian stop of transit",
            "transit",
            "half of the transit that it covers stays closed",
            "stop fully in force",
        ),
        (
            "Technology for refineries",
            "export_control",
            "half of the exports that it covers stay closed",
            "export controls fully in force",
        ),
        (
            "Something else",
            "other",
            "half of the trade that it covers stays closed",
            "measure fully in force",
        ),
    ],
)
def test_words_follow_label_and_kind(label, kind, half, whole):
    found = enforcement_words(SimpleNamespace(label=label, kind=kind))  # type: ignore[arg-type]
    noun = whole.removesuffix(" fully in force")
    assert found == (f"as if the {noun} were lifted", half, whole)


@pytest.mark.parametrize("case", [line.name for line in cases()])
def test_every_packaged_measure_that_closes_trade_has_words_of_its_own(case):
    for measure in load_case(case).measures:
        if any(getattr(s.effect, "leakage", None) is not None for s in measure.sets):
            assert not enforcement_words(measure)[2].startswith("measure"), measure.label
