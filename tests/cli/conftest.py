"""A case of three countries that no packaged case is about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

TEXT = """\
schema: 2
name: wine
title: China, Japan and Australia
summary: China taxes farm goods of Australia, and Japan bans them.
world: oecd-2020
date: 2022-01-01
parties:
  - {id: Australia, name: Australia, members: [AUS]}
  - {id: China, name: China, members: [CHN]}
  - {id: Japan, name: Japan, members: [JPN]}
parameters:
  duty: {value: 0.5, range: [0.2, 2.0], unit: fraction, date: 2021, source: analyst estimate}
measures:
  - {id: duty, label: Duty on farm goods, owner: China, kind: tariff, source: an example,
     sets: [{tariff: {origin: AUS, market: CHN, goods: AGRI_MIN_FOOD, add: duty}}],
     in_force: [{from: 2021-03-28, document: an example}]}
  - {id: ban, label: Ban of farm goods, owner: Japan, kind: sanction, source: an example,
     sets: [{embargo: {origin: AUS, market: JPN, goods: AGRI_MIN_FOOD, leakage: 0.1}}],
     in_force: [{from: 2021-05-01, document: an example}]}
"""


@pytest.fixture
def wine(tmp_path: Path) -> Callable[..., str]:
    """Writes the case, with some texts exchanged, and gives its path."""

    def written(*changes: tuple[str, str]) -> str:
        text = TEXT
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / "wine.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return written
