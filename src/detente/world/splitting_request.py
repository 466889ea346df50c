"""What a commodity split asks for, checked: every fault of the request at once."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.world.errors import WorldError
from detente.world.world import Array, World

#: The name under which final use stands among a commodity's users.
FINAL = "final"


@dataclass(frozen=True)
class Request:
    """What is asked of a split, as arrays.

    Attributes:
        flow_ni: the commodity's flows, market n from origin i, (N, N).
        user_share_u: share of each user, final use last, sums to 1, (J + 1,).
        labour_n: labour's share of the commodity's sales, (N,).
        capital_n: capital's share, (N,).
        resource_n: the fixed resource's share, (N,).
        input_weight_k: relative weight of each input, (J,), or None for the parent's mix.
    """

    flow_ni: Array
    user_share_u: Array
    labour_n: Array
    capital_n: Array
    resource_n: Array
    input_weight_k: Array | None


def checked(
    world: World,
    name: str,
    trade_ni: ArrayLike,
    *,
    users: Mapping[str, float],
    factors: tuple[ArrayLike, ArrayLike, ArrayLike],
    inputs: Mapping[str, float] | None,
    elasticities: tuple[float, float],
) -> Request:
    """The request as arrays.

    Args:
        world: the base year.
        name: the new good.
        trade_ni: its flows.
        users: shares of its users.
        factors: shares of labour, capital and resource in its sales.
        inputs: weights of its inputs, or None.
        elasticities: its trade elasticity and input substitution.

    Raises:
        WorldError: every fault.
    """
    faults: list[str] = []
    N = len(world.countries)
    if not name or name in world.goods or name == FINAL:
        faults.append(f"The name {name!r} is taken; choose another for the new good.")
    flow = np.array(trade_ni, dtype=np.float64)
    if flow.shape != (N, N):
        faults.append(f"{name}: trade_ni has shape {flow.shape}, expected {(N, N)}.")
    elif not np.isfinite(flow).all() or (flow < 0).any():
        n, i = np.argwhere(~np.isfinite(flow) | (flow < 0))[0]
        faults.append(
            f"{name}: the flow from {world.countries[i]} to {world.countries[n]} is {flow[n, i]}; "
            "it must be a number of 0 or more."
        )
    elif not flow.any():
        faults.append(f"{name}: every flow is zero; give at least one.")
    labels = (*world.goods, FINAL)
    shares, wrong = _weights(name, "users", users, labels)
    if not wrong and abs(shares.sum() - 1) > 1e-6:
        wrong = [f"{name}: the shares of users sum to {shares.sum():g}, expected 1."]
    faults += wrong
    weight = None
    if inputs is not None:
        weight, wrong = _weights(name, "inputs", inputs, world.goods)
        faults += wrong
    labour, capital, resource = (
        np.broadcast_to(np.asarray(s, dtype=np.float64), (N,)) for s in factors
    )
    least = np.minimum(np.minimum(labour, capital), resource)
    if (least < 0).any() or (labour + capital + resource > 1 + 1e-12).any():
        faults.append(
            f"{name}: the shares of labour, capital and resource must be 0 or more and sum to at "
            "most 1."
        )
    theta, epsilon = elasticities
    if not theta > 0:
        faults.append(f"{name}: the trade elasticity is {theta}; it must be above 0.")
    if not epsilon >= 0:
        faults.append(f"{name}: the input substitution is {epsilon}; it must be 0 or more.")
    if faults:
        raise WorldError(faults)
    return Request(flow, shares / shares.sum(), labour, capital, resource, weight)


def _weights(
    name: str, what: str, given: Mapping[str, float], labels: tuple[str, ...]
) -> tuple[Array, list[str]]:
    out = np.zeros(len(labels))
    faults: list[str] = []
    for label, value in given.items():
        if label not in labels:
            near = difflib.get_close_matches(label, labels, 2, 0.4)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            faults.append(f"{name}: {what} names {label!r}, which is not a good here.{hint}")
        elif not value >= 0:
            faults.append(f"{name}: {what} gives {label} {value}; it must be 0 or more.")
        else:
            out[labels.index(label)] = value
    if not out.any() and not faults:
        faults.append(f"{name}: {what} is empty.")
    return out, faults
