"""What one live answer may cost: it ends when a later one is wanted, or after so many evaluations.

A search that finds no equilibrium would else take half a minute, and two of them the whole server.
"""

from __future__ import annotations

from collections.abc import Callable


class Superseded(RuntimeError):
    """A later request of the same client came in."""

    def __init__(self) -> None:
        super().__init__("A later change is being answered.")


class OverBudget(RuntimeError):
    """A state whose equilibrium takes longer than a live answer may."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"No equilibrium of this state was found within {most} evaluations, the most that a "
            "live answer may take. Move the parameter that you changed last back towards the "
            "case's value, give an embargo a little leakage, or choose a longer horizon; "
            "`detente brief` on the case file searches as long as it takes."
        )


class Budget:
    """Called before each evaluation of one answer.

    Args:
        most: evaluations that the answer may take.
        overtaken: whether nobody waits for it any more.
    """

    def __init__(self, most: int, overtaken: Callable[[], bool] = lambda: False) -> None:
        self.most = most
        self.overtaken = overtaken
        self.spent = 0

    def __call__(self) -> None:
        """Count an evaluation.

        Raises:
            Superseded: a later request came in.
            OverBudget: that was one too many.
        """
        if self.overtaken():
            raise Superseded
        self.spent += 1
        if self.spent > self.most:
            raise OverBudget(self.most)
