"""How to get the same numbers again, for a case that has talks and no trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.brief.basis_tables import file_of, versions
from detente.brief.table import Column, Table, day

if TYPE_CHECKING:
    from detente.study.talking import TalksAnswer


def talk_reproduce_table(talks: TalksAnswer) -> Table:
    """What to run, and the digest that says that the inputs are the same."""
    case, file = talks.case, file_of(talks.case)
    return Table(
        "reproduce",
        "How to reproduce this brief",
        f"The case of {day(talks.date)} with this digest gives the same results when this is run.",
        (Column("what", "What"), Column("value", "Value", kind="code")),
        (
            ("Command line", f"detente brief {file}"),
            (
                "Python",
                "import detente\nfrom detente.brief import make_brief, write_brief\n\n"
                f'case = detente.load_case("{file}")\n'
                f'write_brief(make_brief(case), "{case.name}.html")',
            ),
            ("Case digest (SHA-256)", case.digest),
            ("Versions", versions()),
        ),
    )
