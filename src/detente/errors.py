"""The root of all errors of the package, with what to do next.

Each error keeps the built-in base that it had (`ValueError`, `ArithmeticError`, `OSError` …), so
that code which catches those goes on working.
"""

from __future__ import annotations


class DetenteError(Exception):
    """Something that the package expects to go wrong; its text says what, where and what to do.

    Args:
        message: what is wrong and where, in whole sentences.
        remedy: what to do next, in whole sentences; it follows the message in the text.

    Attributes:
        remedy: what to do next; the text has it, too, unless every error of the kind has the same.

    Example:
        >>> import detente
        >>> try:
        ...     detente.load_case("belarusia")
        ... except detente.DetenteError as error:
        ...     print(error.remedy)
        Did you mean belarus?
    """

    remedy: str = ""

    def __init__(self, message: str = "", remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".strip() if remedy else message)
        if remedy:
            self.remedy = remedy


class PackageMissing(DetenteError, ImportError):
    """A package that détente can do without, and that this one question needs."""
