"""The terms that readers meet, each explained in two sentences at most."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Term:
    """A term of the glossary.

    Attributes:
        term: its name.
        meaning: what it means, in one sentence or two.
        front: whether it may stand outside details.
        words: the ways in which texts write it.
    """

    term: str
    meaning: str
    front: bool
    words: tuple[str, ...]


@cache
def glossary() -> tuple[Term, ...]:
    """All terms, in the order in which a reader needs them.

    Example:
        >>> from detente.report.glossary import glossary
        >>> glossary()[0].term
        'measure'
    """
    from ruamel.yaml import YAML

    text = files("detente.report").joinpath("glossary.yaml").read_text(encoding="utf-8")
    return tuple(
        Term(
            entry["term"],
            entry["meaning"].strip(),
            bool(entry.get("front", False)),
            tuple(entry.get("words", [entry["term"]])),
        )
        for entry in YAML(typ="safe", pure=True).load(text)
    )


def terms_for_details(text: str) -> tuple[str, ...]:
    """The words of a text that should stand in details only, as the text writes them.

    Args:
        text: what a reader sees first.
    """
    words = [word for term in glossary() if not term.front for word in term.words]
    words.sort(key=len, reverse=True)
    found = re.findall(rf"\b(?:{'|'.join(map(re.escape, words))})\b", text)
    return tuple(dict.fromkeys(found))
