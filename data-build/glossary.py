"""Write docs/glossary.md and docs/sectors.md from the glossary and the sectors of the package.

.venv/bin/python data-build/glossary.py
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from detente.report.glossary import glossary
from detente.world import Sector, all_sectors, trade_elasticity

PAGE = Path(__file__).resolve().parents[1] / "docs" / "glossary.md"
SECTORS = PAGE.with_name("sectors.md")
HEAD = """# Glossary

The terms that commands, app, brief and docs use, each in one sense. Those marked with ° stand in
details only, where readers find the explanation beside them.

"""

SECTORS_HEAD = """# Sectors

The goods of the bundled worlds are sectors of ISIC Rev. 4, called as in the OECD's tables.
`oecd-2022` has all of the first table; the worlds of 2011 to 2021 have those from `A01` to
`C31T33`, and `SERVICES`.

HS are the chapters, headings and products of the Harmonized System whose goods a sector makes.
The longest code counts, so that 2523 (cement) is not in 25. A heading with goods of two sectors
stands with the one that makes most of it. The source is the correspondence of the United Nations
Statistics Division.

The trade elasticity is the percentage fall of trade with one per cent more trade cost, with the
range to try. `trade_elasticity("C24A")` gives it with its source; [data](data.md#trade-
elasticities) says why.
"""
JOINED = """
## Sectors that join several

`oecd-2020` has those from `AGRI_MIN_FOOD` to `ARTS_OTHER`.
"""


def page() -> str:
    """The page as text."""
    lines = [
        f"**{t.term}**{'' if t.front else ' °'}  \n{' '.join(t.meaning.split())}\n"
        for t in sorted(glossary(), key=lambda t: t.term.lower())
    ]
    return HEAD + "\n".join(lines)


def sectors_page() -> str:
    """The page of sectors as text."""
    lines = [SECTORS_HEAD, _sector_table(s for s in all_sectors().values() if s.isic == (s.code,))]
    lines += [JOINED, _sector_table(s for s in all_sectors().values() if s.isic != (s.code,))]
    return "\n".join(lines)


def _sector_table(rows: Iterable[Sector]) -> str:
    out = ["| code | name | what it holds | HS | trade elasticity |", "|---|---|---|---|---|"]
    for s in rows:
        found = trade_elasticity(s.code)
        assert found is not None
        theta = f"{found.value:g} ({found.low:g} to {found.high:g})"
        out.append(f"| `{s.code}` | {s.name} | {s.holds} | {_headings(s.hs)} | {theta} |")
    return "\n".join([*out, ""])


def _headings(codes: tuple[str, ...]) -> str:
    """Codes of the Harmonized System with neighbours joined: `0701` to `0703` is 0701–0703."""
    runs: list[list[str]] = []
    for code in codes:
        last = runs[-1][-1] if runs else ""
        if last and len(last) == len(code) and int(code) == int(last) + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    return ", ".join(r[0] if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)


if __name__ == "__main__":
    SECTORS.write_text(sectors_page(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
