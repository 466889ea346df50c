"""Worlds and files that several tests use."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from detente.world import World, aggregate_countries, aggregate_goods, load_world

SMALL_COUNTRIES = ("BLR", "LTU", "CHN", "MEX", "USA", "ROW")
SMALL_GOODS = {
    "UTILITIES": "D",
    "CONSTRUCTION": "F",
    "TRADE": "G",
    "TRANSPORT": "H49",
    "ACCOM_ICT": "S",
    "FIN_REALESTATE": "S",
    "PROF_ADMIN_PUBADM": "S",
    "EDU_HEALTH": "S",
    "ARTS_OTHER": "S",
    "AGRI_MIN_FOOD": "A01_02",
    "MANUF_EXFOOD": "C20",
}
USES = {"HFCE": 0.7, "NPISH": 0.05, "GGFC": 0.2, "GFCF": 0.1, "INVNT": -0.06, "DPABR": 0.01}


@pytest.fixture(scope="session")
def oecd() -> World:
    return load_world("oecd-2020")


@pytest.fixture(scope="session")
def small(oecd: World) -> World:
    """The bundled table at six economies and six sectors that are called as in the OECD's files."""
    rest = {c: "ROW" for c in oecd.countries if c not in SMALL_COUNTRIES}
    return aggregate_goods(aggregate_countries(oecd, rest), SMALL_GOODS)


def icio_table(world: World) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a world in the layout of the OECD's inter-country tables."""
    N, J = len(world.countries), len(world.goods)
    sectors = [f"{c}_{g}" for c in world.countries for g in world.goods]
    finals = [f"{c}_{f}" for c in world.countries for f in USES]
    use = np.einsum("jni,njk->ijnk", world.share_jni, world.intermediate_nkj).reshape(N * J, -1)
    final = np.einsum("jni,nj,f->ijnf", world.share_jni, world.final_nj, np.array([*USES.values()]))
    final = final.reshape(N * J, -1)
    out = use.sum(axis=1) + final.sum(axis=1)
    tax = 0.01 * out
    none = np.zeros(final.shape[1])
    body = [*np.hstack([use, final, out[:, None]])]
    body.append(np.concatenate([tax, none, [tax.sum()]]))
    body.append(np.concatenate([out - tax - use.sum(axis=0), none, [0.0]]))
    body.append(np.concatenate([out, final.sum(axis=0), [0.0]]))
    labels = [*sectors, "TLS", "VA", "OUT"]
    rows = [
        [label, *(repr(float(x)) for x in line)] for label, line in zip(labels, body, strict=True)
    ]
    return ["V1", *sectors, *finals, "OUT"], rows


WriteIcio = Callable[..., Path]


@pytest.fixture
def write_icio(tmp_path: Path, small: World) -> WriteIcio:
    """Write a world as an ICIO file, changed on the way by a function of header and rows."""

    def write(
        change: Callable[[list[str], list[list[str]]], object] | None = None,
        *,
        world: World = small,
        name: str = "2020_SML.csv",
    ) -> Path:
        header, rows = icio_table(world)
        if change is not None:
            change(header, rows)
        path = tmp_path / name
        path.write_text("\n".join(",".join(line) for line in [header, *rows]) + "\n", "utf-8")
        return path

    return write
