"""The table of claims: who said what, and which number of this brief stands against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.analysis.claim_words import amount, figure, met
from detente.report.table import Cell, Column, Table
from detente.report.views.basis import linked

if TYPE_CHECKING:
    from detente.analysis.claims import Finding, Verdict, Verdicts


def claims_table(found: Verdicts) -> Table:
    """Every claim of the case with its verdict and the number that the verdict rests on."""
    testable = [v for v in found.verdicts if v.findings]
    rows: list[tuple[Cell, ...]] = [_row(v) for v in [*testable, *_without(found.verdicts)]]
    return Table(
        "claims",
        "Claims and what the numbers say",
        found.sentence,
        (
            Column("verdict", "Verdict"),
            Column("claim", "Claim, in our words"),
            Column("speaker", "Who and when"),
            Column("number", "Number asked for"),
            Column("model", "In this model"),
            Column("asked", "Asked of it, or why it cannot be tested"),
            Column("source", "Source", kind="links"),
        ),
        tuple(rows),
        note="A verdict is about the statement as the test reads it, not about its speaker. "
        "Supported or contradicted only if the number and both ends of its band are on one side "
        "of what is asked. A claim is contradicted by the numbers that are not met, left undecided "
        "by those that are open, and rests on all where all are met. ‘Necessary, not sufficient’: "
        "the statement needs the number and does not follow from it, so that the number can "
        "contradict it and not support it.",
        lead=max(len(testable), 1),
    )


def _without(verdicts: tuple[Verdict, ...]) -> list[Verdict]:
    return [v for v in verdicts if not v.findings]


def _row(v: Verdict) -> tuple[Cell, ...]:
    claim = v.claim
    asked = "; ".join(f.threshold for f in v.findings)
    return (
        v.ruling,
        claim.paraphrase,
        f"{claim.speaker}, {claim.date}",
        "; ".join(f"{f.label} ({met(f.ruling)})" for f in v.findings) or None,
        "; ".join(map(_figure, v.findings)) or None,
        asked or claim.not_testable,
        linked(claim.source),
    )


def _figure(f: Finding) -> str:
    text = amount(f.test, f.value)
    if f.low is not None and f.high is not None:
        text += f" ({figure(f.test, f.low)} to {figure(f.test, f.high)})"
    if f.published is not None:
        text += f", published {' to '.join(dict.fromkeys(figure(f.test, x) for x in f.published))}"
    return text
