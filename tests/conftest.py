"""How long each folder of tests takes, at the end of every run of more than one; a browser."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def folder(nodeid: str) -> str:
    """The folder below tests that a test belongs to, or the first folder of its path."""
    parts = PurePosixPath(nodeid.split("::", 1)[0]).parts
    return "/".join(parts[:2]) if parts[0] == "tests" and len(parts) > 2 else parts[0]


class Clock:
    """Adds up what every test took; with several workers, as they report."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.tests: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the seconds of a test, of what sets it up and of what ends it."""
        self.spent[folder(report.nodeid)] += report.duration
        self.tests[folder(report.nodeid)] += report.when == "call"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """A line for each folder, the longest first."""
        if len(self.spent) < 2:
            return
        terminalreporter.section("seconds of tests by folder, over all workers")
        for name, seconds in self.spent.most_common():
            terminalreporter.write_line(f"{seconds:8.1f} s  {self.tests[name]:5d}  {name}")
        terminalreporter.write_line(f"{sum(self.spent.values()):8.1f} s  in all")


def pytest_configure(config: pytest.Config) -> None:
    """Count where results come together: in the one process, or above the workers."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Clock(), "seconds-by-folder")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless browser that asks for nothing by itself."""
    sync_api = pytest.importorskip("playwright.sync_api")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"needs one of {', '.join(BROWSERS)}")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        yield chromium
        chromium.close()
