"""`detente serve`: the local app."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import CaseName


def serve(
    case: CaseName = "belarus",
    port: Annotated[int, typer.Option("--port", help="0 takes any free one.", min=0, max=65535)] = (
        8765
    ),
    host: Annotated[
        str, typer.Option("--host", help="The address to listen on; only this machine by default.")
    ] = "127.0.0.1",
    name: Annotated[
        list[str] | None,
        typer.Option("--name", help="Another name under which pages may address it; repeat."),
    ] = None,
) -> None:
    """Open the app on a case: move a slider, see the world respond."""
    import contextlib
    import os
    import socket

    # Several threads of linear algebra only disturb each other at the size of these economies.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    from detente.app import create_app
    from detente.app.security import LOOPBACK
    from detente.app.server import Server

    shown = f"[{host}]" if ":" in host else host
    hosts = {*LOOPBACK, *(name or ())} | ({shown} if host not in ("0.0.0.0", "::") else set())
    app = create_app(case, hosts=hosts)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named, asyncio sends small answers at once instead of 40 ms later.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            typer.echo(_not_bound(error, host, port), err=True)
            raise typer.Exit(1) from None
        at = listener.getsockname()[1]
        typer.echo(f"détente is at http://{shown}:{at} (Ctrl-C ends it)")
        if host not in ("127.0.0.1", "localhost", "::1"):
            typer.echo("Others on the network can reach it; there is no password.", err=True)
        with contextlib.suppress(KeyboardInterrupt):
            Server(app).run(sockets=[listener])


def _not_bound(error: OSError, host: str, port: int) -> str:
    """Why the app cannot listen there, and what to do."""
    import errno

    if error.errno == errno.EADDRINUSE:
        other = 8766 if port == 8765 else 8765
        return (
            f"Port {port} is taken by another program, perhaps another `detente serve`. Name "
            f"another with --port, as --port {other}; --port 0 takes any free one."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is not open to you. Name one above 1023 with --port, as --port 8765."
    return f"The app cannot listen on {host}: {error.strerror or error}. Name another with --host."
