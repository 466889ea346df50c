"""Keys of the release before are read under today's names, with a remark of `detente check`."""

from __future__ import annotations

import pytest

import detente
from detente.cases import CaseError, load_case, read_case
from detente.cases.locate import PACKAGED


def earlier(text: str) -> str:
    """A case as the release before wrote it."""
    for now, before in (
        ("\nroute_choices:", "\nroutes:"),
        ("\n    routes:\n", "\n    ways:\n"),
        ("origin: BLR, routes: ", "origin: BLR, way: "),
        ("\nnegotiation:", "\ntalks:"),
    ):
        text = text.replace(now, before)
    return text


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The packaged case of Belarus, and the same with keys of the release before."""
    import shutil

    own = PACKAGED / "belarus"
    old = tmp_path_factory.mktemp("earlier") / "belarus"
    shutil.copytree(own, old)
    changed = 0
    for path in old.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(earlier(text), encoding="utf-8")
        changed += earlier(text) != text
    assert changed
    return own, old


def test_a_case_with_earlier_keys_is_the_same_case(folders):
    own, old = (load_case(folder) for folder in folders)
    assert old.route_choices == own.route_choices
    assert old.measures == own.measures
    assert old.negotiation == own.negotiation
    said = "\n".join(old.remarks)
    for now in ("route_choices", "routes", "negotiation"):
        assert f"`{now}`" in said
    assert not own.remarks


def test_a_fault_below_an_earlier_key_stands_under_that_key(folders):
    _, old = folders
    path = next(p for p in old.glob("*.yaml") if "\n    ways:\n" in p.read_text("utf-8"))
    text = path.read_text("utf-8")
    path.write_text(text.replace("fee: ", "fee: -", 1), encoding="utf-8")
    try:
        with pytest.raises(CaseError, match=r"routes\[\d+\]\.ways\[\d+\]\.fee"):
            load_case(old)
    finally:
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "now"),
    [("talk", "negotiate"), ("Way", "Route"), ("NoTalks", "NoNegotiation"),
     ("TalksError", "NegotiationError")],
)  # fmt: skip
def test_public_names_of_before_work_with_a_warning(before, now):
    with pytest.warns(DeprecationWarning, match=rf"detente\.{now}"):
        assert getattr(detente, before) is getattr(detente, now)


def test_an_unknown_key_is_still_unknown():
    with pytest.raises(CaseError, match="wayz"):
        read_case("schema: 1\nroute_choices:\n  - wayz: []\n")
