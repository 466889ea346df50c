"""The Python package gegravity and this one on the same trade agreement."""

import numpy as np

import gravity
from detente.trade import solve


def tables() -> dict[str, dict[str, list[float]]]:
    """The largest differences, percentage points, once its incomes follow its prices."""
    data = gravity.invented()
    with gravity.quiet(), gravity.feedback():
        model = gravity.baseline(data)
        model.simulate()
    theirs = gravity.theirs(model)
    mine = gravity.ours(solve(gravity.world_of(model), gravity.agreement(data), tolerance=1e-12))
    gaps = {
        "real output": mine.real_output_n - theirs.real_output_n,
        "producer prices": mine.relative_price_n - theirs.relative_price_n,
        "purchases by origin": mine.share_ni - theirs.share_ni,
    }
    return {"gegravity": {k: [100 * float(np.abs(gap).max())] for k, gap in gaps.items()}}
