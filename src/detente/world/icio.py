"""Worlds read from the OECD's own inter-country input-output tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from detente._types import Array
from detente.world.accounts import accounts_of
from detente.world.elasticities import default_elasticities
from detente.world.errors import WorldError, WorldFileError
from detente.world.icio_tables import FINAL_USES, PARTS, Cells, Layout, layout_of, read_cells
from detente.world.icio_totals import cell_doubts, cell_faults, sum_faults
from detente.world.observations import DOUBT
from detente.world.world import World

_PUBLISHER = "OECD Inter-Country Input-Output Tables"


def read_icio(
    path: str | Path,
    *,
    year: int | None = None,
    name: str | None = None,
    trade_elasticity: Mapping[str, float] | None = None,
    capital_share: ArrayLike = 1 / 3,
) -> World:
    """The base year in a file of the OECD's inter-country tables, 2023 or 2025 edition.

    Rows and columns are called `ISO3_SECTOR`, final uses `ISO3_HFCE` to `ISO3_DPABR`, with rows
    `TLS`, `VA` and `OUT` and a column `OUT`, in any order. The parts of Mexico and China in the
    extended tables (MX1, MX2, CN1, CN2) are added up. The treatment is that of the bundled
    world; `World.notes` says what was mended.

    Args:
        path: a `…_SML.csv` file, or one of the extended tables.
        year: the year of the table; None takes it from the file's name.
        name: a short name; None takes the file's.
        trade_elasticity: θ by sector, for all or some; the rest comes from `elasticities.toml`.
        capital_share: share of value added that is capital's, broadcast to (N, J); the table does
            not say, a third is a convention.

    Returns:
        World: checked, USD million, without tariffs.

    Raises:
        WorldFileError: every fault of the file as file:line:column, with what to do; also sums
            that do not come out and cells out of all proportion, see `icio_totals`.
        WorldError: if `trade_elasticity` names a sector that the table does not have.
    """
    path = Path(path)
    cells = read_cells(path)
    layout = layout_of(cells)
    faults = [*cells.faults, *layout.faults]
    doubts: list[str] = []
    if not faults:
        faults, doubts = sum_faults(cells, layout)
    if faults:
        raise WorldFileError(faults)
    use, final, notes = _blocks(cells, layout)
    faults = cell_faults(cells.file, use, final, layout.countries, layout.goods, FINAL_USES)
    if faults:
        raise WorldFileError(faults)
    doubts += cell_doubts(use, final, layout.countries, layout.goods)
    theta, theta_notes = _elasticities(layout.goods, trade_elasticity)
    books = accounts_of(use, final, layout.countries, layout.goods, FINAL_USES)
    found = re.search(r"(?:19|20)\d\d", path.stem)
    return World.from_flows(
        layout.countries,
        layout.goods,
        books.trade_jni,
        books.intermediate_nkj,
        books.final_nj,
        books.value_added_nj,
        trade_elasticity_j=theta,
        capital_share_nj=capital_share,
        year=year if year is not None else int(found.group()) if found else 0,
        source=f"{_PUBLISHER}, file {path.name}; an adaptation",
        name=name or path.stem,
        notes=(
            "Value added is sales less inputs, with net product taxes on inputs; those on final "
            "use are left out. There are no tariffs. Capital's share of value added is a "
            "convention.",
            *(f"{DOUBT}{doubt}" for doubt in doubts),
            *notes,
            *books.notes,
            *theta_notes,
        ),
    )


def _blocks(cells: Cells, layout: Layout) -> tuple[Array, Array, list[str]]:
    """Use by producers (N, J, N, J) and final use (N, J, N, 6), parts of countries added up."""
    N, J, F = len(layout.countries), len(layout.goods), len(FINAL_USES)
    notes = []
    if layout.parts:
        joined = ", ".join(f"{p} into {PARTS[p]}" for p in layout.parts)
        notes.append(f"Parts of countries were added up: {joined}.")
        _refuse_double(cells, layout)
    if layout.ignored:
        shown = ", ".join(layout.ignored[:10])
        notes.append(f"Rows and columns that the layout does not know were left out: {shown}.")
    row = np.array(layout.seller_to_r)

    def block(columns: tuple[int, ...], to: tuple[int, ...], width: int) -> Array:
        part = cells.value_rc[np.ix_(np.array(layout.seller_r), np.array(columns))]
        if len(set(to)) == width == len(to) and len(set(row.tolist())) == N * J == len(row):
            out = np.empty((N * J, width))
            out[np.ix_(row, np.array(to))] = part
            return out
        tall = np.zeros((N * J, len(columns)))
        np.add.at(tall, row, part)
        wide = np.zeros((width, N * J))
        np.add.at(wide, np.array(to), tall.T)
        return wide.T

    use = block(layout.buyer_c, layout.buyer_to_c, N * J).reshape(N, J, N, J)
    final = block(layout.final_c, layout.final_to_c, N * F).reshape(N, J, N, F)
    return use, final, notes


def _refuse_double(cells: Cells, layout: Layout) -> None:
    """A country given both whole and in parts would be counted twice."""
    faults = []
    for whole in dict.fromkeys(PARTS[p] for p in layout.parts):
        rows = [r for r in layout.seller_r if cells.rows[r].startswith(f"{whole}_")]
        if rows and cells.value_rc[rows][:, [*layout.buyer_c, *layout.final_c]].any():
            parts = " and ".join(p for p in layout.parts if PARTS[p] == whole)
            faults.append(
                f"{cells.place(rows[0])}: {whole} has output of its own beside its parts {parts}. "
                "Keep either the country or its parts."
            )
    if faults:
        raise WorldFileError(faults)


def _elasticities(
    goods: tuple[str, ...], given: Mapping[str, float] | None
) -> tuple[Array, tuple[str, ...]]:
    given = given or {}
    unknown = sorted(set(given) - set(goods))
    if unknown:
        raise WorldError(
            f"trade_elasticity names {', '.join(unknown)}, which the table does not have.",
            f"Its sectors: {', '.join(goods)}.",
        )
    rest = [g for g in goods if g not in given]
    defaults = default_elasticities(rest)
    value = {**given, **dict(zip(rest, defaults.value_j.tolist(), strict=True))}
    return np.array([value[g] for g in goods]), defaults.notes if rest else ()
