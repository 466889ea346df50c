"""JSON Schemas of the files of a case, for editors: `python -m detente.cases.schema` writes them.

`case.schema.json` is of the case file, and `case-part.schema.json` of a file that it includes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from detente._files import write_file
from detente.cases.case import Case

FILE = Path(__file__).parent / "case.schema.json"
PART = FILE.with_name("case-part.schema.json")
ADDRESS = "https://json-schema.org/draft/2020-12/schema"


def case_schema() -> dict[str, Any]:
    """The layout of a case file as JSON Schema, draft 2020-12.

    Returns:
        dict: the schema, for editors that complete and check keys.
    """
    schema = Case.model_json_schema(by_alias=True)
    schema.pop("title", None)
    return {"$schema": ADDRESS, "title": "A case of détente", **schema}


def part_schema() -> dict[str, Any]:
    """The layout of a file that a case file includes: some keys of a case, none of them needed."""
    own = ("schema", "include")
    keys = [key for key in case_schema()["properties"] if key not in own]
    return {
        "$schema": ADDRESS,
        "title": "A file that a case of détente includes",
        "type": "object",
        "properties": {key: {"$ref": f"{FILE.name}#/properties/{key}"} for key in keys},
        "additionalProperties": False,
        "minProperties": 1,
    }


def schema_texts() -> dict[Path, str]:
    """The published files and their content."""
    return {FILE: _text(case_schema()), PART: _text(part_schema())}


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    for path, text in schema_texts().items():
        write_file(path, text)
