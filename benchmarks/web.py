"""How quickly the app answers: from the move of a slider to painted numbers, and many clients.

python benchmarks/web.py [--moves 100] [--clients 50] [--seconds 60] [--write docs/app.md]

Each move is timed in the page, from the event of the slider to the frame after the numbers were
written, and split: the server's own times, what the way there and back takes, and drawing. Each
answer to the clients is held against the library, which solves the same scenario apart.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from measure import machine, one_thread, written

#: More than the app keeps answers of, so that most are solved.
SCENARIOS = 120
#: Two solutions to 1e-9 differ by less, USD million a year.
CLOSE = 0.05
GOAL = 100.0
GAIN = "equivalent_variation"


class Server:
    """`detente serve` in a process of its own, on a free port."""

    def __enter__(self) -> str:
        import httpx

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-c", "from detente.cli import main; main()"]
        self.process = subprocess.Popen([*command, "serve", "--port", str(port)])
        address = f"http://127.0.0.1:{port}"
        for _ in range(200):
            time.sleep(0.1)
            try:
                if httpx.get(f"{address}/api/health").json()["status"] == "ready":
                    return address
            except httpx.TransportError:
                continue
        raise SystemExit("The server did not start.")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)


def moves(address: str, count: int, pause: int) -> list[dict[str, float]]:
    """Times of moves of one slider of the default case, to a new value each, in milliseconds."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.add_init_script("localStorage.setItem('bands', 'off')")
        page.goto(f'{address}/#{{"case":"belarus"}}')
        page.wait_for_selector("#chart-map svg")
        page.wait_for_timeout(4000)
        card = page.locator(".measure", has=page.locator("[data-measure=us-finance]"))
        slider = card.locator("input[type=range]").first
        before = page.evaluate("performance.getEntriesByName('painted').length")
        for k in range(count):
            # Up and down its range, so that no value comes twice and none is far from the last.
            value = 1.12 + 1.8 * (k / count)
            slider.evaluate(
                "(n, v) => { n.value = v; n.dispatchEvent(new Event('input')); }", value
            )
            page.wait_for_timeout(pause)
        page.wait_for_timeout(1000)
        entries = page.evaluate(
            "performance.getEntriesByName('painted')"
            f".slice({before}).map(e => ({{...e.detail, total: e.duration}}))"
        )
        browser.close()
    found: list[dict[str, float]] = entries
    return found


def split(entries: list[dict[str, float]]) -> dict[str, list[float]]:
    """The parts of each move."""
    return {
        "prepare the scenario": [e["prepare"] for e in entries],
        "solve": [e["solve"] for e in entries],
        "figures": [e["views"] for e in entries],
        "way there and back": [
            e["answered"] - e["prepare"] - e["solve"] - e["views"] for e in entries
        ],
        "draw": [e["total"] - e["answered"] for e in entries],
        "move to painted numbers": [e["total"] for e in entries],
    }


def quantile(values: list[float], share: float) -> float:
    """The value that this share of the others does not exceed."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def scenarios() -> list[tuple[dict[str, Any], list[float]]]:
    """Scenarios, each with the gains that the library finds for it, solved from scratch."""
    import detente
    from detente.analysis import Scenarios
    from detente.analysis.comparisons import regime_state
    from detente.cases import NamedScenario
    from detente.report.page_figures import asked_for, page_figures

    case = detente.load_case("belarus")
    gains = [f for f in page_figures(detente.assess(case)) if f.figure.key == GAIN]
    draw = random.Random(0)
    out = []
    for k in range(SCENARIOS):
        switched = draw.sample([m.id for m in case.measures], 2)
        asked = {
            "label": "now",
            "measures": {m: draw.random() < 0.5 for m in switched},
            "parameters": {"eu_potash_leakage": round(draw.uniform(0.001, 0.02), 6)},
        }
        if k % 6 == 0:
            asked["horizon"] = "medium"
        changed = case.in_scenario(NamedScenario.model_validate(asked))
        wanted = asked_for(gains, [regime_state("now", changed, changed.date)])
        out.append((asked, wanted(Scenarios(changed))["level"][0, :, 0].tolist()))
    return out


def clients(address: str, count: int, seconds: float) -> dict[str, Any]:
    """Many clients at once; answers, times, errors and wrong answers."""
    import httpx

    known = scenarios()
    deadline = time.monotonic() + seconds

    def one(number: int) -> tuple[list[float], int, int]:
        times, wrong, errors = [], 0, 0
        with httpx.Client(base_url=address, timeout=120) as client:
            step = number
            while time.monotonic() < deadline:
                asked, expected = known[step % len(known)]
                step += 7
                body = {"scenario": asked, "client": f"c{number}", "sequence": step, "parts": False}
                begun = time.perf_counter()
                response = client.post("/api/answer", json=body)
                times.append(1e3 * (time.perf_counter() - begun))
                if response.status_code != 200:
                    errors += 1
                    continue
                found = [f["value"] for f in response.json()["figures"] if f["key"] == GAIN]
                pairs = zip(found, expected, strict=True)
                wrong += any(abs(a - b) > CLOSE + 1e-5 * abs(b) for a, b in pairs)
        return times, wrong, errors

    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        parts = list(pool.map(one, range(count)))
    times = [t for part in parts for t in part[0]]
    return {
        "answers": len(times),
        "median": statistics.median(times),
        "p95": quantile(times, 0.95),
        "wrong": sum(part[1] for part in parts),
        "errors": sum(part[2] for part in parts),
    }


def report(
    entries: list[dict[str, float]], load: float, many: dict[str, Any] | None, given: Any
) -> str:
    """Both as Markdown."""
    total = quantile([e["total"] for e in entries], 0.95)
    lines = [
        f"{len(entries)} moves of one slider, {given.pause} ms apart, each to a new value; "
        f"milliseconds. Load of the two cores by others, just before: {load:.1f}.",
        "",
        "| Part | Median | 95 % |",
        "|---|---:|---:|",
    ]
    for name, values in split(entries).items():
        lines.append(f"| {name} | {statistics.median(values):.0f} | {quantile(values, 0.95):.0f} |")
    verdict = "PASS" if total <= GOAL else "FAIL"
    lines += ["", f"Goal: 95 % of the moves painted within {GOAL:.0f} ms: {verdict}."]
    if many:
        lines += [
            "",
            f"{given.clients} clients at once for {given.seconds:.0f} s over {SCENARIOS} "
            f"scenarios: {many['answers']} answers, {many['errors']} errors, {many['wrong']} "
            f"wrong against the library; {many['median']:.0f} ms in the median, "
            f"{many['p95']:.0f} ms at 95 %.",
        ]
    return "\n".join([*lines, "", machine(("numpy", "scipy", "fastapi", "uvicorn"))])


def main() -> None:
    """Measure, print, write where asked."""
    one_thread()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=100)
    parser.add_argument("--pause", type=int, default=250, help="ms between moves")
    parser.add_argument("--clients", type=int, default=50, help="0 leaves them out")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--write", type=Path, help="a page with markers to write into")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with Server() as address:
        entries = moves(address, given.moves, given.pause)
        many = clients(address, given.clients, given.seconds) if given.clients else None
    text = re.sub(r"\n{3,}", "\n\n", report(entries, load, many, given))
    print(text)
    if given.write:
        written(given.write, text)


if __name__ == "__main__":
    main()
