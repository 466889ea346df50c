"""The server ends when it is told to, and waits for no half request."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest

from detente.app import server as serving


def half(address: str, text: bytes) -> float:
    """Seconds until the server closes a connection on which a request has no end."""
    host, port = address.removeprefix("http://").split(":")
    begun = time.monotonic()
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(text)
        while line.recv(4096):
            pass
    return time.monotonic() - begun


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", []),
        (b"GET /api/health HTTP/1.1\r\nhost: 127.0.0.1", []),
        (
            b"POST /api/upload HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\nschema",
            ["POST '/api/upload': closed by the server: it was not there whole after 1.5 seconds."],
        ),
    ],
    ids=["nothing", "half a head", "half a body"],
)
def test_a_request_without_an_end_is_closed(served, caplog, text, said):
    waiting = serving.Server(served.app, within=1.5)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        config = waiting.config
        config.lifespan = "off"
        thread = threading.Thread(target=waiting.run, kwargs={"sockets": [listener]})
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        assert 1.3 < half(address, text) < 10
        with httpx.Client(base_url=address) as one:
            for _ in range(3):  # a connection that asks whole requests is kept
                assert one.get("/api/health").status_code == 200
                time.sleep(0.9)
        waiting.should_exit = True
        thread.join(10)
    assert [r.getMessage() for r in caplog.records if r.name == "detente.app.security"] == said
    assert serving.WHOLE_WITHIN <= 30


def test_an_upload_that_breaks_off_logs_a_line(served, caplog):
    host, port = served.address.removeprefix("http://").split(":")
    for path in ("/api/upload", "/api/answer"):
        caplog.clear()
        with socket.create_connection((host, int(port)), timeout=30) as line:
            head = f"POST {path} HTTP/1.1\r\nhost: {host}:{port}\r\n"
            head += "content-type: application/json\r\ncontent-length: 1000\r\n\r\n"
            line.sendall(head.encode() + b"schema: 1")
            time.sleep(0.3)
        deadline = time.monotonic() + 30
        while not caplog.records:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        time.sleep(0.3)
        assert [r.getMessage() for r in caplog.records] == [
            f"POST {path!r}: broken off by the client."
        ]
        assert not any(r.exc_info for r in caplog.records)
    assert httpx.get(f"{served.address}/api/health").status_code == 200


def await_server(address: str) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            if httpx.get(f"{address}/api/health").status_code == 200:
                return
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def group_lives(number: int) -> bool:
    try:
        os.killpg(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_server_that_streams_ends_within_two_seconds(name):
    """While draws run, a stream is read, another one is not, and a request has no end."""
    begin = "from detente.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", begin, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    lines = []
    try:
        address = process.stdout.readline().split()[3]
        host, port = address.removeprefix("http://").split(":")
        await_server(address)
        asked = {"draws": 512, "client": "one"}
        with (
            socket.create_connection((host, int(port))) as idle,
            socket.create_connection((host, int(port))) as unread,
            httpx.stream("POST", f"{address}/api/bands", json=asked, timeout=120) as stream,
        ):
            idle.sendall(b"GET / HTTP/1.1\r\nhost: ")
            body = b'{"draws": 512}'
            head = f"POST /api/bands HTTP/1.1\r\nhost: {host}:{port}\r\n"
            head += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            unread.sendall(head.encode() + body)
            for line in stream.iter_lines():
                if '"done": 1' in line:
                    begun = time.monotonic()
                    os.killpg(process.pid, getattr(signal, name))
                if line.startswith("event: "):
                    lines.append(line)
        process.wait(20)
        took = time.monotonic() - begun
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        _, text = process.communicate(timeout=20)
    assert "Traceback" not in text, text
    assert took < 2
    assert lines[-1] == "event: stopped"
    deadline = time.monotonic() + 10
    while group_lives(process.pid):  # the other process as well
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_files_of_the_page_come_compressed_to_clients_that_take_it(served):
    size = 0
    for name in ("", "assets/app.js", "assets/app.css", "assets/map.json"):
        with httpx.Client(base_url=served.address, headers={"accept-encoding": "identity"}) as one:
            plain = one.get(f"/{name}")
        assert "content-encoding" not in plain.headers
        packed = httpx.get(f"{served.address}/{name}", headers={"accept-encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.content == plain.content
        size += int(packed.headers["content-length"])
    assert size < 250_000, "what a browser waits for before the page is there"
