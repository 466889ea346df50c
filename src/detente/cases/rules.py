"""Who must agree: the rule of a party, and of one measure at adoption, renewal and repeal."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, WithJsonSchema

from detente.cases.fields import Entry, Number, Text

RuleKind = Literal["sovereign", "unanimity", "double_majority", "weighted"]


class Rule(Entry):
    """How a party decides: alone, or by a vote of its members.

    Shares and votes are plain figures: they stand in treaties, and no draw reaches them.
    """

    kind: RuleKind
    member_share: Number = Field(
        default=0.55, description="double_majority: least share of the members in favour."
    )
    population_share: Number = Field(
        default=0.65, description="double_majority: least share of the population in favour."
    )
    blocking_minority: Number = Field(
        default=4,
        description="double_majority: as few against as this are needed to block by population.",
    )
    populations: dict[Text, Number] = Field(
        default_factory=dict,
        description="double_majority: by ISO3 code; left out, the bundled table of populations.",
    )
    votes: dict[Text, Number] = Field(
        default_factory=dict, description="weighted: votes of each member, by ISO3 code."
    )
    quota: Number | None = Field(default=None, description="weighted: votes needed to pass.")


def _word_or_mapping(value: Any) -> Any:
    return {"kind": value} if isinstance(value, str) else value


#: A rule as it stands in a file: one word where that says all, or a mapping.
RuleInput = Annotated[
    Rule,
    BeforeValidator(_word_or_mapping),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(get_args(RuleKind))},
                Rule.model_json_schema(),
            ]
        }
    ),
]

SOVEREIGN = Rule(kind="sovereign")


class Rules(Entry):
    """The rules of one measure; each is its owner's where it is left out."""

    adopt: RuleInput | None = Field(default=None, description="To put it into force.")
    renew: RuleInput | None = Field(default=None, description="To keep it when it expires.")
    repeal: RuleInput | None = Field(default=None, description="To lift it before it expires.")
