"""The app on a free port of this machine, as people run it."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import httpx
import pytest

from detente.app import Limits, create_app
from detente.app.server import Server

from .tab import BELARUS, PATIENCE, Tab

ROOT = Path(__file__).parents[2]


class Served:
    """A server in a thread of its own."""

    def __init__(self, **given: object) -> None:
        self.app = create_app(**given)  # type: ignore[arg-type]
        self.socket = socket.socket(proto=socket.IPPROTO_TCP)
        self.socket.bind(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.server = Server(self.app)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]})

    def __enter__(self) -> Served:
        self.thread.start()
        deadline = time.monotonic() + PATIENCE
        health = f"{self.address}/api/health"
        while httpx.get(health, timeout=PATIENCE).json()["status"] != "ready":
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(PATIENCE)
        self.socket.close()


@pytest.fixture(scope="session")
def served():
    with Served(limits=Limits()) as running:
        yield running


@pytest.fixture(scope="session")
def client(served):
    with httpx.Client(base_url=served.address, timeout=PATIENCE) as one:
        yield one


@pytest.fixture
def opened(browser, served):
    """Opens tabs for one test; none may have asked others for anything, or complained."""
    tabs = []

    def one(fragment=BELARUS, **more):
        tabs.append(Tab(browser, served, fragment, **more))
        return tabs[-1]

    yield one
    for tab in tabs:
        tab.close()


@pytest.fixture
def tab(opened):
    """The app as it opens."""
    return opened()
