"""The tools that an assistant sees: read-only, over standard input and output, without network.

`tool_server` makes the server of the Model Context Protocol that `detente mcp` runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from anyio import to_thread
from pydantic import Field

from detente import __version__
from detente.assistants.answers import MOST_DRAWS, Answers
from detente.errors import DetenteError, PackageMissing
from detente.report.overview.chapter import QUESTIONS

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from detente.report.overview.chapter import ChapterId

_INSTRUCTIONS = (
    "détente says what sanctions do to everyone they touch. It answers four questions about a "
    "case: who pays, where the goods go instead, what deal would hold, and how far to believe it. "
    "Begin with list_cases, then list_measures for the ids of measures and parties. Quote a figure "
    "with its band, state whether it is the reader's scenario, and give the verdict and the "
    "command beside it. Contested statements are attributed to their speakers in the answer."
)
_PURPOSE: dict[ChapterId, str] = {
    "who-pays": "Who pays for the measures in force and who gains, in USD million a year.",
    "where-goods-go": "Where goods go instead: tonnes, prices, suppliers and routes, or partners.",
    "what-deal": "Which packages all would sign, who can block them, and whether they hold.",
    "how-sure": "How far the answers can be believed: record, bands, claims and what is left out.",
}

Name = Annotated[
    str, Field(description="A packaged case, or the path of a case file or its folder.")
]
Date = Annotated[str | None, Field(description="A day, as 2025-12-01; the case's own if null.")]
Lift = Annotated[
    list[str] | None, Field(description="Ids of measures that are not to be in force.")
]
Impose = Annotated[list[str] | None, Field(description="Ids of measures that are to be in force.")]
PartyName = Annotated[
    str | None, Field(description="Id or name of a party to speak of besides; all if null.")
]
Draws = Annotated[
    int | None,
    Field(
        description="Draws of the parameters for bands; null takes those packaged with the case. "
        f"A scenario has bands only where draws are asked for. At most {MOST_DRAWS}."
    ),
]


def tool_server(answers: Answers | None = None) -> MCPServer[Any]:
    """The server with its tools, ready to run over standard input and output.

    Args:
        answers: what answers; new ones if None.

    Returns:
        MCPServer: with `list_cases`, `list_measures` and a tool for each of the four questions.

    Raises:
        PackageMissing: the package `mcp` is not there.
    """
    try:
        from mcp.server import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.types import ToolAnnotations
    except ImportError:
        message = "`detente mcp` needs the package `mcp`."
        raise PackageMissing(message, "Install it with `pip install 'detente[mcp]'`.") from None
    asked = answers or Answers()
    server: MCPServer[Any] = MCPServer(
        "detente", version=__version__, instructions=_INSTRUCTIONS, log_level="WARNING"
    )
    reading = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

    async def told(work: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
        """An answer worked out beside; what is expected to go wrong is its message alone."""
        try:
            return await to_thread.run_sync(lambda: work(*given))
        except (DetenteError, OSError) as error:
            raise ToolError(str(error)) from None

    async def list_cases() -> dict[str, Any]:
        return await told(asked.cases)

    async def list_measures(case: Name, date: Date = None) -> dict[str, Any]:
        return await told(asked.measures, case, date)

    def question(identifier: ChapterId) -> Callable[..., Any]:
        async def answered(
            case: Name,
            date: Date = None,
            lift: Lift = None,
            impose: Impose = None,
            party: PartyName = None,
            draws: Draws = None,
        ) -> dict[str, Any]:
            return await told(
                asked.answer, identifier, case, date, lift or (), impose or (), party, draws
            )

        return answered

    server.add_tool(
        list_cases,
        title="Cases",
        description="The packaged cases: name, title and summary of each.",
        annotations=reading,
    )
    server.add_tool(
        list_measures,
        title="Measures and parties",
        description="Ids of a case's measures, whether each is in force on a day, and its parties.",
        annotations=reading,
    )
    for identifier, title in QUESTIONS.items():
        server.add_tool(
            question(identifier),
            name=identifier.replace("-", "_"),
            title=title,
            description=_PURPOSE[identifier],
            annotations=reading,
        )
    return server
