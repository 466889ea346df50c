"""Membership on a day, against the dates of the treaties."""

import datetime

import pytest

from detente.world import (
    UnknownLabel,
    World,
    WorldError,
    available_groups,
    expand,
    members,
    not_separate,
)


@pytest.mark.parametrize(
    ("group", "date", "count", "inside", "outside"),
    [
        ("EU", "1958-01-01", 6, "ITA", "GBR"),
        ("EU", "1994-12-31", 12, "GBR", "SWE"),
        ("EU", "2004-05-01", 25, "LTU", "BGR"),
        ("EU", "2013-07-01", 28, "HRV", "CHE"),
        ("EU", "2020-01-31", 28, "GBR", "NOR"),
        ("EU", datetime.date(2020, 2, 1), 27, "POL", "GBR"),
        ("EU", None, 27, "CYP", "GBR"),
        ("G7", "1976-06-26", 6, "JPN", "CAN"),
        ("G7", "2022-02-24", 7, "CAN", "RUS"),
        ("EAEU", "2014-12-31", 0, None, "BLR"),
        ("EAEU", "2015-01-01", 3, "BLR", "ARM"),
        ("EAEU", "2015-08-12", 5, "KGZ", "UZB"),
        ("GCC", "1981-05-25", 6, "QAT", "YEM"),
        ("ASEAN", "1995-07-27", 6, "BRN", "VNM"),
        ("ASEAN", "2025-10-26", 11, "TLS", "PNG"),
        ("Mercosur", "2016-12-01", 5, "VEN", "BOL"),
        ("Mercosur", "2025-01-01", 5, "BOL", "VEN"),
    ],
)
def test_members_on_a_day(
    group: str, date: datetime.date | str | None, count: int, inside: str | None, outside: str
) -> None:
    found = members(group, date)
    assert len(found) == count
    assert inside is None or inside in found
    assert outside not in found


def test_labels_expand_to_countries_of_the_world_and_the_rest_is_named(oecd: World) -> None:
    assert available_groups() == ("EU", "G7", "EAEU", "GCC", "ASEAN", "Mercosur")
    assert expand("*", oecd) == oecd.countries
    assert len(expand("EU", oecd, "2021-01-01")) == 27
    assert not_separate("EU", oecd, "2021-01-01") == ()
    assert expand(["EAEU", "LTU", "BLR"], oecd) == ("BLR", "KAZ", "LTU", "RUS")
    assert not_separate(["EAEU", "LTU"], oecd) == ("ARM", "KGZ")


def test_every_wrong_label_is_named(oecd: World) -> None:
    with pytest.raises(UnknownLabel) as caught:
        expand(["EUU", "ARM", "LTV", "BLR"], oecd)
    first, second, third = caught.value.faults
    assert "Did you mean EU" in first
    assert "inside ROW" in second
    assert "LTU" in third
    with pytest.raises(UnknownLabel, match="group 'G8'"):
        members("G8")
    with pytest.raises(WorldError, match="Write it as"):
        members("EU", "1 May 2004")
    with pytest.raises(UnknownLabel, match="EAEU has no members on 2010-01-01"):
        expand("EAEU", oecd, "2010-01-01")
