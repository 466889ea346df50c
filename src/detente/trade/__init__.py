"""Shock → equilibrium → welfare: the trade model, on arrays and `World` only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.trade.adjoint import Gradient as Gradient
    from detente.trade.adjoint import Weights as Weights
    from detente.trade.adjoint import gradient as gradient
    from detente.trade.adjoint import gradients as gradients
    from detente.trade.batch import Batch as Batch
    from detente.trade.builders import capacity as capacity
    from detente.trade.builders import embargo as embargo
    from detente.trade.builders import export_tax as export_tax
    from detente.trade.builders import iceberg as iceberg
    from detente.trade.builders import labour as labour
    from detente.trade.builders import productivity as productivity
    from detente.trade.builders import tariff as tariff
    from detente.trade.builders import transfer as transfer
    from detente.trade.certificate import Certificate as Certificate
    from detente.trade.equilibrium import Equilibrium as Equilibrium
    from detente.trade.errors import InfeasibleShock as InfeasibleShock
    from detente.trade.errors import Interrupted as Interrupted
    from detente.trade.errors import NotConverged as NotConverged
    from detente.trade.errors import ShockError as ShockError
    from detente.trade.horizon import Horizon as Horizon
    from detente.trade.horizon import horizon_named as horizon_named
    from detente.trade.horizon import horizon_parameters as horizon_parameters
    from detente.trade.labelled import Labelled as Labelled
    from detente.trade.shock import RouteChoice as RouteChoice
    from detente.trade.shock import Shock as Shock
    from detente.trade.shock import Way as Way
    from detente.trade.solving import solve as solve
    from detente.trade.solving import solve_many as solve_many
    from detente.trade.welfare import Exact as Exact
    from detente.trade.welfare import FirstOrder as FirstOrder
    from detente.trade.welfare import exact as exact
    from detente.trade.welfare import first_order as first_order

_HOME = {
    "Gradient": "adjoint",
    "Weights": "adjoint",
    "gradient": "adjoint",
    "gradients": "adjoint",
    "Batch": "batch",
    "Certificate": "certificate",
    "Equilibrium": "equilibrium",
    "InfeasibleShock": "errors",
    "Interrupted": "errors",
    "NotConverged": "errors",
    "ShockError": "errors",
    "Horizon": "horizon",
    "horizon_named": "horizon",
    "horizon_parameters": "horizon",
    "Labelled": "labelled",
    "RouteChoice": "shock",
    "Shock": "shock",
    "Way": "shock",
    "capacity": "builders",
    "embargo": "builders",
    "export_tax": "builders",
    "iceberg": "builders",
    "labour": "builders",
    "productivity": "builders",
    "tariff": "builders",
    "transfer": "builders",
    "solve": "solving",
    "solve_many": "solving",
    "Exact": "welfare",
    "FirstOrder": "welfare",
    "exact": "welfare",
    "first_order": "welfare",
}
__all__ = sorted(_HOME)  # noqa: PLE0605
__getattr__ = lazy(__name__, _HOME)
