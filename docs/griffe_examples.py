"""A griffe extension: a section `Example:` of a docstring is read as google's `Examples:`.

Griffe knows the plural alone and takes the singular for running text, in which it would look for
links.
"""

from __future__ import annotations

import re
from typing import Any

import griffe

_ONE = re.compile(r"^Example:$", re.MULTILINE)


class Examples(griffe.Extension):
    """Reads the singular like the plural."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Write the plural into the docstring of an object."""
        if obj.docstring:
            obj.docstring.value = _ONE.sub("Examples:", obj.docstring.value)
