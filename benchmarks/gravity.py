"""The one-sector problem of gegravity, solved by gegravity and by `detente`.

gegravity (Herman 2021, USITC Economics Working Paper 2021-04-B; MIT licence) simulates the
structural gravity model of Larch & Yotov (2016) and Yotov, Piermartini, Monteiro & Larch (2016) for
one sector: endowments of one good a country, no intermediate inputs, expenditure in proportion to
output, σ = θ + 1. The data set is invented, in the layout and of the size of gegravity's own sample
(30 countries), with the coefficients of its documented example; the experiment is its example too,
a trade agreement between two countries.

Two versions of its equations are timed:

- as released (0.3): the system that `OneSectorGE.simulate` solves keeps output and expenditure
  shares at their base values, so that prices do not feed back into incomes. `detente` reproduces
  its prices when the same is imposed (factor supply moving inversely to prices).
- with feedback: the same system with output and expenditure shares at the new prices, which is the
  full general equilibrium of the papers; this is what `detente` solves.
"""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from detente.trade import Equilibrium, Shock, solve
from detente.world import World

Array = NDArray[np.float64]
SIGMA = 7.0
COEFFICIENTS = {
    "lndist": -0.3898623,
    "contiguity": 0.891577,
    "common_language": 0.0326249,
    "pta": 0.4711383,
    "international": -3.412584,
}
_RESCALE = 1000


@dataclass(frozen=True, eq=False)
class Data:
    """An invented gravity data set.

    Attributes:
        names: of the countries.
        columns: of the table gegravity reads, each N² long, exporter by importer.
        partners: positions of the two countries that sign the agreement.
    """

    names: list[str]
    columns: dict[str, Array]
    partners: tuple[int, int]


def invented(countries: int = 30, seed: int = 7) -> Data:
    """Countries on a sphere with log-normal output and balanced trade."""
    rng = np.random.default_rng(seed)
    N = countries
    place = rng.normal(size=(N, 3))
    place /= np.linalg.norm(place, axis=1, keepdims=True)
    distance = 6371 * np.arccos(np.clip(place @ place.T, -1, 1))
    np.fill_diagonal(distance, 300)
    abroad = ~np.eye(N, dtype=bool)
    output = rng.lognormal(0.0, 1.2, N)
    output *= 3e7 / output.sum()
    language = rng.integers(0, 5, N)
    tables = {
        "Y": np.repeat(output[:, None], N, axis=1),
        "E": np.repeat(output[None, :], N, axis=0),
        "lndist": np.log(distance),
        "contiguity": (distance < 1500) & abroad,
        "common_language": language[:, None] == language[None, :],
        "pta": np.zeros((N, N)),
        "international": abroad,
        "trade": np.ones((N, N)),
    }
    first, second = np.argsort(-output)[:2]
    return Data(
        [f"C{k:02d}" for k in range(N)],
        {name: np.asarray(t, dtype=np.float64).ravel() for name, t in tables.items()},
        (int(first), int(second)),
    )


def available() -> str:
    """Empty where gegravity can be used, else a sentence that says why not."""
    try:
        with quiet():
            import gegravity  # noqa: F401
    except Exception as error:  # whatever a foreign package raises on import
        return f"gegravity is not usable here ({type(error).__name__}: {error})."
    return ""


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without what a foreign package prints and warns of."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def feedback() -> Iterator[None]:
    """gegravity's system with output and expenditure shares at the new prices."""
    module = sys.modules["gegravity.OneSectorGE"]
    released: Callable[..., Any] = module._full_ge

    def full(x: Array, params: dict[str, Any]) -> Any:
        price = x[2 * params["number_of_countries"] - 1 :]
        share = np.asarray(params["output_shr"])
        new = share * price / (share * price).sum()
        # Trade is balanced in these data, so that expenditure moves with output.
        moved = new / share
        return released(
            x,
            params
            | {
                "output_shr": new,
                "cost_out_shr": params["cost_out_shr"] * moved[:, None],
                "cost_exp_shr": params["cost_exp_shr"] * moved[None, :],
            },
        )

    with patch.object(module, "_full_ge", full):
        yield


def baseline(data: Data) -> Any:
    """A gegravity model with its base year built and the experiment defined."""
    import gegravity
    import pandas as pd

    N = len(data.names)
    names = np.array(data.names)
    frame = pd.DataFrame(
        {
            "exporter": np.repeat(names, N),
            "importer": np.tile(names, N),
            "year": "2006",
            **data.columns,
        }
    )
    table = gegravity.BaselineData(
        frame,
        imp_var_name="importer",
        exp_var_name="exporter",
        year_var_name="year",
        trade_var_name="trade",
        expend_var_name="E",
        output_var_name="Y",
    )
    estimates = pd.DataFrame({"var": list(COEFFICIENTS), "coeff": list(COEFFICIENTS.values())})
    model = gegravity.OneSectorGE(
        table,
        year="2006",
        reference_importer=data.names[0],
        expend_var_name="E",
        output_var_name="Y",
        sigma=SIGMA,
        cost_variables=list(COEFFICIENTS),
        cost_coeff_values=gegravity.CostCoeffs(estimates, identifier_col="var", coeff_col="coeff"),
        quiet=True,
    )
    model.build_baseline(omr_rescale=_RESCALE, mr_tolerance=1e-12)
    experiment = model.baseline_data.copy()
    a, b = (data.names[k] for k in data.partners)
    both = experiment["exporter"].isin([a, b]) & experiment["importer"].isin([a, b])
    experiment.loc[both & (experiment["exporter"] != experiment["importer"]), "pta"] = 1.0
    model.define_experiment(experiment)
    return model


@dataclass(frozen=True, eq=False)
class Outcome:
    """What both models can say, free of units: fractions.

    Attributes:
        real_output_n: change of Y/P.
        relative_price_n: producer prices against the mean of all, weighted by output.
        share_ni: new shares of importer n's purchases by origin i.
    """

    real_output_n: Array
    relative_price_n: Array
    share_ni: Array

    def gap(self, other: Outcome) -> float:
        """The largest difference between two outcomes."""
        return max(
            float(np.abs(self.real_output_n - other.real_output_n).max()),
            float(np.abs(self.relative_price_n - other.relative_price_n).max()),
            float(np.abs(self.share_ni - other.share_ni).max()),
        )


def theirs(model: Any) -> Outcome:
    """The outcome of a simulated gegravity model, countries in order of name."""
    N = len(model.country_set)
    trade = model.bilateral_trade_results["experiment trade"].to_numpy().reshape(N, N)
    price = model.factory_gate_prices.iloc[:, 0].to_numpy(dtype=np.float64)
    output = model.outputs_expenditures[model.labels.baseline_output].to_numpy(dtype=np.float64)
    real = model.country_results[model.labels.gdp_change].to_numpy(dtype=np.float64) / 100
    return Outcome(real, price * output.sum() / (price @ output), (trade / trade.sum(axis=0)).T)


def clearing_gap(model: Any) -> float:
    """By how much sales in gegravity's new trade flows miss new output, relative, at most."""
    N = len(model.country_set)
    trade = model.bilateral_trade_results["experiment trade"].to_numpy().reshape(N, N)
    output = model.outputs_expenditures[model.labels.experiment_output].to_numpy(dtype=np.float64)
    return float(np.abs(trade.sum(axis=1) / output - 1).max())


def world_of(model: Any) -> World:
    """The base year of a simulated gegravity model as a world of one good without inputs."""
    N = len(model.country_set)
    flows = model.bilateral_trade_results["baseline modeled trade"].to_numpy().reshape(N, N).T
    return one_good_world(sorted(model.country_set), flows)


def one_good_world(names: list[str], flows_ni: Array) -> World:
    """A world of one good without intermediate inputs."""
    N = len(names)
    return World.from_flows(
        names,
        ["ALL"],
        flows_ni[None],
        np.zeros((N, 1, 1)),
        flows_ni.sum(axis=1)[:, None],
        flows_ni.sum(axis=0)[:, None],
        trade_elasticity_j=SIGMA - 1,
        capital_share_nj=0.0,
        name="gravity",
    )


def agreement(data: Data) -> Shock:
    """The trade agreement as a change of delivered cost."""
    N = len(data.names)
    factor = np.ones((1, N, N))
    a, b = data.partners
    factor[0, [a, b], [b, a]] = np.exp(COEFFICIENTS["pta"] / (1 - SIGMA))
    return Shock(iceberg_jni=factor)


def ours(result: Equilibrium) -> Outcome:
    """The same measures of an equilibrium."""
    price = 1 + result.cost_change.values[0]
    output = result.world.sales_jn[0]
    return Outcome(
        np.exp(np.log(price) - result.solution.point.log_final_price_n) - 1,
        price * output.sum() / (price @ output),
        result.share_jni[0],
    )


def held_incomes(world: World, shock: Shock, price_n: Array) -> Equilibrium:
    """The equilibrium in which factor supply moves inversely to these producer prices."""
    return solve(world, shock + Shock(labour_n=1 / price_n), tolerance=1e-11)
