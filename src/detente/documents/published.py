"""The published JSON Schema of all documents: `python -m detente.documents` rewrites it.

A new kind is one model in this folder and one line in `KINDS`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from detente._files import write_file
from detente.documents import answers, app, cases, goods, negotiation, record, sanctions, trade
from detente.documents.base import Document

FILE = Path(__file__).parent / "detente-v1.schema.json"
#: The same file where the documentation shows it; only in a checkout.
SHOWN = Path(__file__).parents[3] / "docs" / "assets" / FILE.name
#: In order of the page `docs/json.md`.
KINDS: tuple[type[Document], ...] = (
    cases.Brief,
    cases.CitedAnswer,
    cases.Cases,
    cases.Check,
    answers.Assessment,
    answers.Answer,
    answers.Timeline,
    answers.Claims,
    answers.Comparison,
    app.AppState,
    app.PageBands,
    trade.Equilibrium,
    trade.Batch,
    trade.Gradient,
    trade.Array,
    trade.World,
    trade.WorldCheck,
    trade.WorldComparison,
    trade.Worlds,
    goods.Goods,
    goods.Commodity,
    goods.CustomsRecords,
    goods.Datasets,
    sanctions.Sensitivity,
    sanctions.Coalition,
    sanctions.Design,
    sanctions.TariffWar,
    negotiation.Negotiation,
    negotiation.Why,
    negotiation.WhyOnlooker,
    negotiation.Deals,
    negotiation.Deal,
    negotiation.DealSearch,
    negotiation.DealThresholds,
    negotiation.Steps,
    negotiation.Blockers,
    negotiation.Channels,
    negotiation.Stable,
    record.BackTest,
)


class _WithoutTitles(GenerateJsonSchema):
    """Schema without a title for each key, which would repeat the key."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """No key has a title."""
        return False


def kind_of(model: type[Document]) -> str:
    """What a document of a model is called in its key `kind`."""
    (kind,) = model.model_fields["kind"].annotation.__args__  # type: ignore[union-attr]
    return str(kind)


def document_schema() -> dict[str, Any]:
    """All kinds of documents as JSON Schema, draft 2020-12."""
    models = [(model, "validation") for model in KINDS]
    refs, found = models_json_schema(
        models,  # type: ignore[arg-type]
        schema_generator=_WithoutTitles,
    )
    mapping = {kind_of(model): refs[model, "validation"]["$ref"] for model in KINDS}
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": "A document of détente, version 1",
        "description": "What `--json` prints and `to_dict` gives; `kind` says which it is.",
        "oneOf": [{"$ref": ref} for ref in mapping.values()],
        "discriminator": {"propertyName": "kind", "mapping": mapping},
        "$defs": _in_order(found["$defs"]),
    }


def _in_order(value: Any) -> Any:
    """The schema with the choices of every key in order.

    Python takes two choices of the same texts for one, so that theirs depends on what was imported.
    """
    if isinstance(value, dict):
        ordered = {key: _in_order(inside) for key, inside in value.items()}
        choices = ordered.get("enum")
        return ordered | ({"enum": sorted(choices)} if isinstance(choices, list) else {})
    return [_in_order(one) for one in value] if isinstance(value, list) else value


def schema_text() -> str:
    """The published file's content."""
    return json.dumps(document_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write() -> None:
    """Rewrite the published file, and its copy in the documentation of a checkout."""
    for path in (FILE, SHOWN):
        if path.parent.is_dir():
            write_file(path, schema_text())
