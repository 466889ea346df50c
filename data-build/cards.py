"""Work out the cards of the list of cases: `python data-build/cards.py`.

A card is the answer of a packaged case in a sentence, with bars of what it means for whom. Run it
after `data-build/bands.py`, whose bands stand in the sentence.
"""

from __future__ import annotations

from detente.analysis.precomputed.cards import write_card
from detente.analysis.precomputed.store import FOLDER
from detente.cases import cases, load_case
from detente.report.build import card_of


def main() -> None:
    for line in cases():
        case = load_case(line.name)
        card = card_of(case)
        path = write_card(case, card, FOLDER)
        print(f"{path.name}: {path.stat().st_size} bytes. {card['sentence']}")


if __name__ == "__main__":
    main()
