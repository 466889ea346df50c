"""What any country's real income answers to a small change of anything that a shock can change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detente._document import document
from detente._shown import Framed, Small
from detente.trade.adjoint.cells import ByCells, by_cells, by_elasticity, by_routes, everywhere
from detente.trade.adjoint.linear import rows_of, solve_transposed, with_rows
from detente.trade.adjoint.pullback import Pulled, no_seeds, pullback
from detente.trade.adjoint.routes import elasticity_back
from detente.trade.adjoint.saved_state import SavedState, saved_state_of
from detente.trade.adjoint.substitution import by_final_substitution, by_input_substitution
from detente.trade.adjoint.targets import Target, seeds_of, weights_of
from detente.trade.errors import NotConverged, ShockError
from detente.trade.labelled import Labelled, labelled

if TYPE_CHECKING:
    import polars as pl

    from detente._types import Array
    from detente.trade.equilibrium import Equilibrium


_TOLERANCE = 1e-10
#: Rows that a gradient shows of itself.
_ROWS = 8


@dataclass(frozen=True, eq=False, repr=False)
class Gradient(Framed):
    """How one scalar of an equilibrium changes with everything that a shock can change.

    Arrays are named as in `Shock`. Each is a derivative at this equilibrium, all other wedges,
    endowments and elasticities held, everything else in the economy adjusting. An embargo has no
    neighbouring wedge: where one holds without a leakage, flows are closed and the derivatives by
    cost, tariff and export tax are NaN (see `closed_jni`).

    Attributes:
        equilibrium: where the derivatives are taken.
        target: of what.
        unit: of the target, usually USD million a year.
        residual: relative, of the linear system that was solved.
        products: how many transposed evaluations that took.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> base = detente.solve(world)
        >>> slope = detente.gradient(base, "BLR")
        >>> slope.unit, slope.iceberg_jni.axes
        ('USD million a year', ('good', 'market', 'origin'))
    """

    equilibrium: Equilibrium = field(repr=False)
    target: str
    unit: str
    residual: float
    products: int
    _saved_state: SavedState = field(repr=False)
    _pulled: Pulled = field(repr=False)
    _row: int = field(repr=False)

    @cached_property
    def iceberg_jni(self) -> Labelled:
        """Derivatives by log delivered cost: one per cent more of it gives a hundredth."""
        cells = self._cells
        theta = self._saved_state.system.economy.trade_elasticity_j[:, None, None]
        return self._open("iceberg", "log point", -theta * cells.log_carry_jni)

    @cached_property
    def tariff_jni(self) -> Labelled:
        """Derivatives by the ad-valorem tariff (1 is 100 %), the revenue it raises included."""
        return self._open("tariff", "unit of the rate", self._cells.tariff_jni)

    @cached_property
    def export_tax_jni(self) -> Labelled:
        """Derivatives by the ad-valorem export tax (1 is 100 %), the revenue it raises included."""
        return self._open("export tax", "unit of the rate", self._cells.export_tax_jni)

    @cached_property
    def closed_jni(self) -> Labelled:
        """1 where an embargo closes a flow of the base year, 0 elsewhere."""
        return self._labelled("closed", "", "jni", self._cells.closed_jni.astype(np.float64))

    @cached_property
    def productivity_nj(self) -> Labelled:
        """Derivatives by the log of productivity."""
        value = -self._pulled.log_cost_jnr[:, :, self._row].T
        return self._labelled("productivity", "log point", "cj", value)

    @cached_property
    def labour_n(self) -> Labelled:
        """Derivatives by the log of the supply of the mobile factor."""
        return self._labelled("labour", "log point", "c", self._pulled.log_supply_nr[:, self._row])

    @cached_property
    def capacity_nj(self) -> Labelled:
        """Derivatives by the log of the supply of a fixed factor; NaN where there is none."""
        system = self._saved_state.system
        value = self._pulled.log_capacity_kr[:, self._row]
        filled = everywhere(system.fixed_at, value, system.economy.fixed_nj.shape)
        return self._labelled("capacity", "log point", "cj", filled)

    @cached_property
    def transfer_n(self) -> Labelled:
        """Derivatives by USD million received; as transfers sum to zero, differences matter."""
        value = self._pulled.transfer_nr[:, self._row]
        return self._labelled("transfer", "USD million", "c", value)

    @cached_property
    def trade_elasticity_j(self) -> Labelled:
        """Derivatives by the world's θ; delivered costs and the leakage of embargoes are held."""
        value = by_elasticity(self._saved_state, self._pulled, self._cells, self._row)
        value = value * self.equilibrium.horizon.trade_elasticity_factor
        return self._labelled("trade elasticity", "unit of θ", "j", value)

    @cached_property
    def input_substitution_j(self) -> Labelled:
        """Derivatives by ε of all producers of a good, as it holds at this horizon; see `Horizon`.

        A horizon caps the world's ε. Where the cap binds, this is by the ε that it leaves, and the
        world's own does not matter.
        """
        value = by_input_substitution(self._saved_state, self._pulled, self._row)
        return self._labelled("input substitution", "unit of ε", "j", value)

    @cached_property
    def final_substitution_n(self) -> Labelled:
        """Derivatives by σ of the final buyers of a country."""
        value = by_final_substitution(self._saved_state, self._pulled, self._row)
        return self._labelled("final substitution", "unit of σ", "c", value)

    @cached_property
    def route_elasticity_g(self) -> Labelled:
        """Derivatives by ρ of each group of routes, what each route costs being held.

        A group is labelled by its good, its origin and its first market, as 'POTASH BLR DEU'.
        """
        saved_state, world = self._saved_state, self.equilibrium.world
        groups = [f.route_group for f in saved_state.flows]
        value = [
            elasticity_back(saved_state, k, on)[self._row]
            for k, on in enumerate(self._pulled.route_groups)
        ]
        named = (
            (world.goods[r.good], world.countries[r.origin], world.countries[r.market_m[0]])
            for r in groups
        )
        return Labelled(
            f"{self.target} by route elasticity",
            f"{self.unit} per unit of ρ",
            ("group of routes",),
            (tuple(map(" ".join, named)),),
            np.array(value, dtype=np.float64),
        )

    @cached_property
    def route_cost(self) -> tuple[Labelled, ...]:
        """Derivatives by log costs of routes, a group of routes each: by market and route."""
        return tuple(
            self._by_route(k, "route cost", "log point", routes.log_cost_mwr[:, :, self._row])
            for k, routes in enumerate(by_routes(self._saved_state, self._pulled))
        )

    @cached_property
    def route_fee(self) -> tuple[Labelled, ...]:
        """Derivatives by the fee on each route, the costs of the routes held: by market and route.

        NaN where no country earns it.
        """
        return tuple(
            self._by_route(
                k,
                "route fee",
                "unit of the fee",
                np.where(
                    self._saved_state.flows[k].route_group.transit_r >= 0,
                    routes.fee_mwr[:, :, self._row],
                    np.nan,
                ),
            )
            for k, routes in enumerate(by_routes(self._saved_state, self._pulled))
        )

    @property
    def sentence(self) -> str:
        """What was computed, how exactly, and where it is not defined."""
        closed = int(self._cells.closed_jni.sum())
        note = (
            f" {closed} flows are closed by embargoes: derivatives by their wedges do not exist "
            f"and are NaN. Give the embargo a leakage to have them."
            if closed
            else ""
        )
        return (
            f"Gradient of {self.target} in {self.unit} from one adjoint system, solved to a "
            f"relative residual of {self.residual:.0e} with {self.products} products.{note}"
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was computed, how exactly, and where it is not defined."""
        return (self.sentence,)

    def to_frame(
        self, what: Literal["flows", "producers", "countries", "goods"] = "flows"
    ) -> pl.DataFrame:
        """The derivatives as a polars frame.

        Args:
            what: `flows` (by good, market and origin), `producers` (by country and good),
                `countries` or `goods`.

        Returns:
            polars.DataFrame: a column for each label and each kind of change; NaN where a flow is
            closed.

        Raises:
            ValueError: there is no such frame.
        """
        import polars as pl

        found: dict[str, dict[str, Labelled]] = {
            "flows": {
                "iceberg": self.iceberg_jni,
                "tariff": self.tariff_jni,
                "export_tax": self.export_tax_jni,
                "closed": self.closed_jni,
            },
            "producers": {"productivity": self.productivity_nj, "capacity": self.capacity_nj},
            "countries": {
                "labour": self.labour_n,
                "transfer": self.transfer_n,
                "final_substitution": self.final_substitution_n,
            },
            "goods": {
                "trade_elasticity": self.trade_elasticity_j,
                "input_substitution": self.input_substitution_j,
            },
        }
        if what not in found:
            raise ValueError(f"There is no frame {what!r}; there are {', '.join(found)}.")
        first = next(iter(found[what].values())).to_frame().drop("value")
        return first.with_columns(
            pl.Series(name, value.values.ravel()) for name, value in found[what].items()
        )

    def to_dict(self, *, top: int = 100) -> dict[str, Any]:
        """The derivatives as plain data; `docs/json.md` says what each key means.

        Args:
            top: how many flows, those with the largest derivative by delivered cost.

        Returns:
            dict: a document with `schema_version`, as `--json` prints it.
        """
        at = self.equilibrium
        flows = self.to_frame("flows").with_columns(closed=self.closed_jni.values.ravel() > 0)
        size = flows["iceberg"].fill_nan(0.0).abs()
        largest = flows.with_columns(size=size).sort("size", descending=True).drop("size").head(top)
        return document(
            "gradient",
            {
                "world": at.world.name,
                "digest": at.world.digest,
                "year": at.world.year,
                "unit": self.unit,
                "horizon": at.horizon.name,
                "transfers": at.transfers,
                "sentences": self.sentences,
                "target": self.target,
                "residual": self.residual,
                "products": self.products,
                "flows": largest.to_dicts(),
                "producers": self.to_frame("producers").to_dicts(),
                "countries": self.to_frame("countries").to_dicts(),
                "goods": self.to_frame("goods").to_dicts(),
            },
        )

    @cached_property
    def _cells(self) -> ByCells:
        return by_cells(self._saved_state, self._pulled, self._row)

    def _open(self, name: str, per: str, value: Array) -> Labelled:
        return self._labelled(name, per, "jni", np.where(self._cells.closed_jni, np.nan, value))

    def _by_route(self, k: int, name: str, per: str, value_mw: Array) -> Labelled:
        r = self._saved_state.flows[k].route_group
        world = self.equilibrium.world
        value = np.where(np.isfinite(r.cost_rb[:, 0]), value_mw, np.nan)
        return Labelled(
            f"{self.target} by {name} of {world.goods[r.good]} from {world.countries[r.origin]}",
            f"{self.unit} per {per}",
            ("market", "route"),
            (tuple(world.countries[n] for n in r.market_m), r.route_r),
            value,
        )

    def _labelled(self, name: str, per: str, letters: str, value: Array) -> Labelled:
        world = self.equilibrium.world
        unit = f"{self.unit} per {per}" if per else ""
        title = f"{self.target} by {name}"
        return labelled(title, unit, letters, value, world.countries, world.goods)

    def _lines(self) -> Sequence[str]:
        return (self.sentence,)

    def _small(self) -> Small | None:
        """The flows between countries on whose delivered cost the target hangs most."""
        slope = self.iceberg_jni
        goods, markets, origins = slope.labels
        between = np.nan_to_num(slope.values) * ~np.eye(len(markets), dtype=bool)
        size = np.abs(between).ravel()
        largest = [k for k in np.argsort(-size, kind="stable")[:_ROWS].tolist() if size[k]]
        if not largest:
            return None
        rows = []
        for k in largest:
            j, n, i = np.unravel_index(k, between.shape)
            rows.append([f"{goods[j]} {origins[i]} to {markets[n]}", float(between[j, n, i])])
        title = f"By delivered cost of flows between countries, the {len(rows)} largest"
        return title, ("flow", slope.unit), rows


def gradient(
    equilibrium: Equilibrium, target: Target, *, tolerance: float = _TOLERANCE
) -> Gradient:
    """How a country's real income changes with every wedge, tax, endowment and elasticity.

    One linear system, the adjoint of the equilibrium, gives all derivatives at once, at about the
    cost of one more solve.

    Args:
        equilibrium: a solved shock, or the base year itself.
        target: a country, whose equivalent variation is meant; weights by country, for a weighted
            sum of them; or `Weights` over anything that an equilibrium holds.
        tolerance: relative residual of the adjoint system.

    Returns:
        Gradient: with the names of `Shock`. By wedges of flows that an embargo closes it is NaN.

    Raises:
        UnknownLabel: a country that the world does not have.
        ShockError: weights that do not fit the world.
        NotConverged: the adjoint system was not solved to the tolerance.

    Example:
        >>> import detente
        >>> world = detente.load_world("oecd-2020")
        >>> now = detente.gradient(detente.solve(world), "DEU")
        >>> bool(now.iceberg_jni["MANUF_EXFOOD", "DEU", "CHN"] < 0)
        True
    """
    return gradients(equilibrium, [target], tolerance=tolerance)[0]


def gradients(
    equilibrium: Equilibrium, targets: Sequence[Target], *, tolerance: float = _TOLERANCE
) -> list[Gradient]:
    """The gradients of several scalars of one equilibrium, their adjoint systems solved together.

    Args:
        equilibrium: as in `gradient`.
        targets: each as in `gradient`.
        tolerance: as in `gradient`.

    Returns:
        list: a `Gradient` for each target, in their order.

    Raises:
        UnknownLabel: as in `gradient`.
        ShockError: as in `gradient`.
        NotConverged: as in `gradient`.
    """
    if not targets:
        return []
    named = [weights_of(equilibrium, t) for t in targets]
    _refuse_limits(equilibrium)
    saved_state = saved_state_of(equilibrium.solution)
    seeds = seeds_of(equilibrium, saved_state, [w for _, w in named])
    right = rows_of(pullback(saved_state, seeds))

    def transposed(rows: Array) -> Array:
        return rows_of(
            pullback(
                saved_state, with_rows(saved_state, no_seeds(saved_state.system, len(rows)), rows)
            )
        )

    found = solve_transposed(transposed, right, tolerance=tolerance)
    if not found.residual <= tolerance:
        raise NotConverged(
            f"The adjoint system was solved to a relative residual of {found.residual:.0e} only, "
            f"asked for {tolerance:.0e}; no gradient is returned.",
            "Solve the equilibrium to a tighter tolerance, or ask for a larger one here.",
        )
    pulled = pullback(saved_state, with_rows(saved_state, seeds, found.rows))
    return [
        Gradient(equilibrium, name, w.unit, found.residual, found.products, saved_state, pulled, k)
        for k, (name, w) in enumerate(named)
    ]


def _refuse_limits(equilibrium: Equilibrium) -> None:
    """Refuse derivatives where a quota binds: they would hold its rate, and it holds a quantity.

    Raises:
        ShockError: a quota of the shock binds.
    """
    held = next((one for one in equilibrium.quotas if one.binds), None)
    if held is not None:
        raise ShockError(
            f"{held.sentence} Derivatives would hold that rate instead of the quantity.",
            f"Write a tariff of {held.rate:.4g} in place of the quota, or solve two shocks and "
            "take their difference.",
        )
