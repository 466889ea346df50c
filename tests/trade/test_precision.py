"""No digits are lost where prices move far and substitution is easy, nor hidden from certificates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, localcontext

import numpy as np
import pytest

from detente.trade import Horizon, horizon_named, productivity, solve
from detente.trade.certificate import violations
from detente.world import World, synthetic

#: Nothing is bounded by this horizon.
OPEN = Horizon("open", "", 1.0, 99.0, 0.0)


def world(input_substitution: float, final_substitution: float) -> World:
    return replace(
        synthetic(4, 3, 2, zeros=0.0),
        input_substitution_j=np.full(3, input_substitution),
        final_substitution_n=np.full(4, final_substitution),
    )


def log_index(shares: Iterable[float], logs: Iterable[float], power: float) -> float:
    """log(Σ s p^q) / q, or Σ s log p, with 60 digits."""
    with localcontext() as context:
        context.prec = 60
        q = Decimal(power)
        pairs = [(Decimal(float(s)), Decimal(float(p))) for s, p in zip(shares, logs, strict=True)]
        if not power:
            return float(sum(s * p for s, p in pairs))
        return float(sum(s * (q * p).exp() for s, p in pairs).ln() / q)  # type: ignore[union-attr]


@pytest.mark.parametrize("factor", [0.1, 0.02, 50.0])
@pytest.mark.parametrize("final", [0.2, 1.0, 5.0])
@pytest.mark.parametrize("inputs", [1.0, 1.5, 3.0])
def test_price_indices_keep_their_digits(inputs: float, final: float, factor: float) -> None:
    if factor > 1 and inputs > 1:
        # Inputs that replace labour entirely leave nothing that is scarce.
        factor = 1.05
    result = solve(world(inputs, final), productivity("*", factor=factor), OPEN, tolerance=1e-12)
    s = result.solution
    eco = s.system.economy
    for n in range(4):
        expected = log_index(eco.final_share_nj[n], s.log_price_jn[:, n], 1 - final)
        assert s.point.log_final_price_n[n] == pytest.approx(expected, abs=1e-12)
        for j in range(3):
            shares = [*eco.input_share_nkj[n, :, j], eco.labour_share_nj[n, j]]
            logs = [*s.log_price_jn[:, n], s.log_wage_n[n]]
            expected = log_index(shares, logs, 1 - inputs) - np.log(factor)
            assert s.point.log_cost_jn[j, n] == pytest.approx(expected, abs=2e-12)


@pytest.mark.parametrize("final", [1.0, 1 + 1e-6, 5.0])
def test_the_certificate_checks_the_final_price_index(final: float) -> None:
    result = solve(world(1.0, final), productivity("*", factor=0.02), tolerance=1e-12)
    s = result.solution
    parts = (s.log_wage_n, s.log_rent_nj, s.log_price_jn, s.spending_jn, s.log_crowding_q)
    right = violations(s.system, *parts, s.point.log_final_price_n)
    assert right["final prices"].max() < 1e-12
    bent = violations(s.system, *parts, s.point.log_final_price_n + [0, 2e-5, 0, 0])
    np.testing.assert_allclose(bent["final prices"], [0, 2e-5, 0, 0], rtol=1e-3, atol=1e-12)
    assert "final prices" not in violations(s.system, *parts)


def test_a_good_that_became_a_million_times_dearer_drops_out() -> None:
    base = world(1.0, 5.0)
    result = solve(base, productivity("*", base.goods[0], factor=1e-6), tolerance=1e-12)
    assert result.certificate.status == "converged"
    other = solve(base, productivity("*", base.goods[0], factor=1e-9), horizon_named("long"))
    assert np.isfinite(other.log_welfare_n).all()
