"""Derivatives by the unknowns as rows of one matrix, and back, in the order of `Layout`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.trade.adjoint.pullback import Pulled, Seeds
from detente.trade.adjoint.tape import Tape
from detente.trade.economy import Array


def rows_of(pulled: Pulled) -> Array:
    """The derivatives by the unknowns as rows, in the order of `Layout`, (R, U)."""
    R = pulled.log_wage_nr.shape[1]
    parts = (
        pulled.log_wage_nr,
        pulled.log_rent_kr,
        pulled.log_price_jnr.reshape(-1, R),
        pulled.log_spending_jnr.reshape(-1, R),
        pulled.log_crowding_qr,
    )
    return np.ascontiguousarray(np.concatenate(parts).T)


def with_rows(tape: Tape, seeds: Seeds, rows: Array) -> Seeds:
    """Seeds to which rows over the unknowns that come out are added."""
    J, N = tape.system.economy.shape
    K = len(tape.system.fixed_at[0])
    columns = np.ascontiguousarray(rows.T)
    wage, rent, price, spending, crowding = np.split(
        columns, np.cumsum([N, K, J * N, J * N]), axis=0
    )
    R = len(rows)
    return replace(
        seeds,
        log_wage_nr=seeds.log_wage_nr + wage,
        log_rent_kr=seeds.log_rent_kr + rent,
        log_price_jnr=seeds.log_price_jnr + price.reshape(J, N, R),
        log_spending_jnr=seeds.log_spending_jnr + spending.reshape(J, N, R),
        log_crowding_qr=seeds.log_crowding_qr + crowding,
    )
