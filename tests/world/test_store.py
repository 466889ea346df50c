"""Worlds written and read again, and files that are none."""

from pathlib import Path

import numpy as np
import pytest

from detente.world import UnknownLabel, WorldFileError, load_world, save_world, synthetic


def test_a_saved_world_comes_back_whole_and_its_bytes_are_fixed(tmp_path: Path) -> None:
    world = synthetic(6, 4, seed=2, tariff=0.1, resource_share=0.2)
    first = save_world(world, tmp_path / "one")
    assert first.name == "one.npz"
    again = load_world(first)
    assert again.digest == world.digest
    assert (again.name, again.notes, again.source) == (world.name, world.notes, world.source)
    assert save_world(again, tmp_path / "two.npz").read_bytes() == first.read_bytes()


def test_a_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = save_world(synthetic(3, 2, seed=1), tmp_path / "w")
    first = load_world(path)
    assert load_world(path) is first
    other = synthetic(4, 2, seed=1)
    save_world(other, path)
    assert load_world(path).digest == other.digest


def test_an_unknown_name_offers_the_bundled_ones() -> None:
    with pytest.raises(UnknownLabel, match="Did you mean oecd-2020"):
        load_world("oecd2020")


@pytest.mark.parametrize("damage", ["cut", "text", "missing array", "unbalanced"])
def test_a_damaged_file_is_refused_with_a_remedy(tmp_path: Path, damage: str) -> None:
    path = save_world(synthetic(3, 2), tmp_path / "w.npz")
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:2000])
    elif damage == "text":
        path.write_text("not a world")
    else:
        with np.load(path) as held:
            arrays = dict(held)
        if damage == "missing array":
            del arrays["final_nj"]
        else:
            arrays["final_nj"] = arrays["final_nj"] * 2
        np.savez(path, **arrays)
    with pytest.raises(ValueError, match=r"save_world|residual") as caught:
        load_world(path)
    if damage != "unbalanced":
        assert isinstance(caught.value, WorldFileError)
        assert "w.npz" in str(caught.value)
