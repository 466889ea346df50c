"""What the published schema says against a document."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

from detente.documents.published import document_schema

PUBLISHED = document_schema()
SCHEMA = Draft202012Validator(PUBLISHED)


def faults(document: dict[str, Any]) -> list[str]:
    """What the schema of its kind says against a document."""
    ref = PUBLISHED["discriminator"]["mapping"][document["kind"]]
    checker = SCHEMA.evolve(schema={**PUBLISHED, "oneOf": [{"$ref": ref}]})
    nested = [error for one in checker.iter_errors(document) for error in one.context or [one]]
    return [f"{error.json_path}: {error.message[:200]}" for error in nested]
