"""The JSON Schema of the case file, for editors: `python -m detente.cases.schema` rewrites it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from detente._files import write_file
from detente.cases.case import Case

FILE = Path(__file__).parent / "case.schema.json"
ADDRESS = "https://json-schema.org/draft/2020-12/schema"


def case_schema() -> dict[str, Any]:
    """The layout of a case file as JSON Schema, draft 2020-12."""
    schema = Case.model_json_schema(by_alias=True)
    schema.pop("title", None)
    return {"$schema": ADDRESS, "title": "A case of détente", **schema}


def schema_text() -> str:
    """The published file's content."""
    return json.dumps(case_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    write_file(FILE, schema_text())
