"""`detente mcp`: the four questions as tools for assistants."""

from __future__ import annotations


def mcp() -> None:
    """Answer assistants over standard input and output, by the Model Context Protocol.

    The tools read cases and change nothing. They need no network and no key.
    """
    from detente.assistants import tool_server

    tool_server().run("stdio")
