"""What the page of a good says is read off its flows, also where these have holes."""

from __future__ import annotations

import polars as pl
import pytest

import detente
from detente.report.product_page import product_page
from detente.world.products import ProductTrade, find_product

COLUMNS = ("year", "exporter", "importer", "tonnes", "usd", "usd_per_tonne")


def made(rows, years, exporters=("RUS",), importers=()):
    """A page of flows that are made up."""
    full = [(*row, row[4] / row[3] if row[3] else None) for row in rows]
    kinds = [pl.Int64, pl.String, pl.String, pl.Float64, pl.Float64, pl.Float64]
    schema = dict(zip(COLUMNS, kinds, strict=True))
    frame = pl.DataFrame(full, schema=schema, orient="row")
    trade = ProductTrade(find_product("270900"), years, exporters, importers, frame)
    return product_page(trade)


def test_a_buyer_without_a_flow_is_not_said_to_buy_nothing():
    page = made(
        [
            (2021, "RUS", "IND", 2e6, 8e8),
            (2021, "RUS", "BLR", 16e6, 7e9),
            (2022, "RUS", "IND", 30e6, 2e10),
            (2022, "RUS", "CHN", 5e6, 3e9),
        ],
        (2021, 2022),
    )
    assert page.paragraph.startswith(
        "Sales to India grew most, from 2.0 in 2021 to 30 million tonnes in 2022, "
        "then those to China, from none on record to 5.0. "
        "For 2022 no sales are on record to Belarus (16 in 2021), which the source may lack. "
        "A tonne cost USD 430 in 2021 and USD 660 in 2022."
    )
    assert "fell" not in page.paragraph
    belarus = next(row for row in page.tables[0].rows if row[0] == "Belarus")
    assert belarus[1:] == (16.0, None)


def test_a_flow_without_tonnes_is_no_change():
    page = made(
        [
            (2021, "RUS", "IND", 2e6, 8e8),
            (2022, "RUS", "IND", None, 9e8),
            (2022, "RUS", "CHN", 1e6, 4e8),
        ],
        (2021, 2022),
    )
    assert "India" not in page.paragraph


def test_trade_without_any_tonnes_is_counted_in_usd():
    page = made([(2021, "RUS", "IND", None, 8e8), (2022, "RUS", "IND", None, 9e9)], (2021, 2022))
    assert page.chart.unit == "USD billion"
    assert "from 0.80 in 2021 to USD 9.0 billion in 2022" in page.paragraph
    assert [c.key for c in page.tables[1].columns][:2] == ["year", "usd"]


@pytest.mark.parametrize(
    ("asked", "title", "words"),
    [
        ({"years": "2023", "exporter": "EU"}, "from EU members, 2023", "Next come Germany with"),
        ({"years": "2019:2024", "importer": "EU"}, "to EU members", "Sales by Russia fell most"),
        ({"years": "2022:2023"}, "Who sold crude oil, 2022 to 2023", "Sales by"),
    ],
)
def test_sellers_or_buyers_are_compared(asked, title, words):
    page = product_page(detente.commodity("270900", **asked))
    assert title in page.chart.title
    assert words in page.paragraph
    assert all(len(one.split()) <= 35 for one in page.paragraph.split(". "))
