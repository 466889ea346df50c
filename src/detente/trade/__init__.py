"""Shock → equilibrium → welfare: the trade model, on arrays and `World` only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.trade.adjoint import Gradient as Gradient
    from detente.trade.adjoint import Weights as Weights
    from detente.trade.adjoint import gradient as gradient
    from detente.trade.adjoint import gradients as gradients
    from detente.trade.base_year import rebased as rebased
    from detente.trade.certificate import Certificate as Certificate
    from detente.trade.equilibria import Batch as Batch
    from detente.trade.equilibria import solve as solve
    from detente.trade.equilibria import solve_many as solve_many
    from detente.trade.equilibrium import Equilibrium as Equilibrium
    from detente.trade.errors import InfeasibleShock as InfeasibleShock
    from detente.trade.errors import Interrupted as Interrupted
    from detente.trade.errors import NotConverged as NotConverged
    from detente.trade.errors import ShockError as ShockError
    from detente.trade.horizons import Horizon as Horizon
    from detente.trade.horizons import horizon_named as horizon_named
    from detente.trade.horizons import horizon_parameters as horizon_parameters
    from detente.trade.labelled import Labelled as Labelled
    from detente.trade.quotas import Quota as Quota
    from detente.trade.shocks import Route as Route
    from detente.trade.shocks import RouteChoice as RouteChoice
    from detente.trade.shocks import Shock as Shock
    from detente.trade.shocks import capacity as capacity
    from detente.trade.shocks import embargo as embargo
    from detente.trade.shocks import export_tax as export_tax
    from detente.trade.shocks import iceberg as iceberg
    from detente.trade.shocks import labour as labour
    from detente.trade.shocks import licence as licence
    from detente.trade.shocks import productivity as productivity
    from detente.trade.shocks import quota as quota
    from detente.trade.shocks import tariff as tariff
    from detente.trade.shocks import transfer as transfer
    from detente.trade.welfare import Exact as Exact
    from detente.trade.welfare import FirstOrder as FirstOrder
    from detente.trade.welfare import exact as exact
    from detente.trade.welfare import first_order as first_order


_HOME = {
    "Gradient": "adjoint",
    "Weights": "adjoint",
    "gradient": "adjoint",
    "gradients": "adjoint",
    "Batch": "equilibria",
    "Certificate": "certificate",
    "Equilibrium": "equilibrium",
    "InfeasibleShock": "errors",
    "Interrupted": "errors",
    "NotConverged": "errors",
    "ShockError": "errors",
    "Horizon": "horizons",
    "horizon_named": "horizons",
    "horizon_parameters": "horizons",
    "Labelled": "labelled",
    "Quota": "quotas",
    "rebased": "base_year",
    "RouteChoice": "shocks",
    "Shock": "shocks",
    "Route": "shocks",
    "capacity": "shocks",
    "embargo": "shocks",
    "export_tax": "shocks",
    "iceberg": "shocks",
    "labour": "shocks",
    "licence": "shocks",
    "productivity": "shocks",
    "quota": "shocks",
    "tariff": "shocks",
    "transfer": "shocks",
    "solve": "equilibria",
    "solve_many": "equilibria",
    "Exact": "welfare",
    "FirstOrder": "welfare",
    "exact": "welfare",
    "first_order": "welfare",
}
__all__ = sorted(_HOME)  # noqa: PLE0605
__getattr__ = lazy(__name__, _HOME, renamed={"Way": "Route"})


def __dir__() -> list[str]:
    return sorted(__all__)
