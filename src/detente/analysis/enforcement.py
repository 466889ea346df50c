"""What degrees of enforcement of a measure mean, in the words of its own label and kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.cases import Measure


#: What a measure may be called in its own label.
_NOUN = re.compile(
    r"\b(bans?|sanctions?|embargo(?:es)?|restrictions?|controls?|stops?|closures?|limits?|licences?)\b"
)
#: What it is called where its label has no such word.
_OF_KIND = {
    "sanction": "sanctions",
    "export_control": "export controls",
    "finance": "restrictions",
    "aviation": "restrictions",
    "transit": "stop of transit",
    "tariff": "tariff",
    "border": "closure",
}
#: What a measure covers, by a word of its label; all of them are plural but for transit.
_COVERED = (
    ("import", "imports"),
    ("export", "exports"),
    ("transit", "transit"),
    ("service", "services"),
)


def enforcement_words(measure: Measure) -> tuple[str, str, str]:
    """What 0, 50 and 100 per cent of enforcement mean for a measure that closes trade.

    Args:
        measure: of a case.

    Returns:
        tuple: for a slider from 0 to 100, such as 'as if the ban were lifted', 'half of the
            imports that it covers stay closed' and 'ban fully in force'.

    Example:
        >>> import detente
        >>> case = detente.load_case("belarus")
        >>> enforcement_words(case.measure("eu-potash"))[2]
        'ban fully in force'
    """
    label = measure.label.lower()
    found = _NOUN.search(label)
    noun = found[1] if found else _OF_KIND.get(measure.kind, "measure")
    named = [what for word, what in _COVERED if word in label]
    if not named and measure.kind == "export_control":
        named = ["exports"]
    covered = named[0] if len(named) == 1 else "trade"
    verb = "stay" if covered.endswith("s") else "stays"
    return (
        f"as if the {noun} were lifted",
        f"half of the {covered} that it covers {verb} closed",
        f"{noun} fully in force",
    )
