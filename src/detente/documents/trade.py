"""Documents of trade: an equilibrium, a batch, a gradient, a base year and its check."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from detente._types import Transfers
from detente.documents.base import Certificate, Country, Document, Fraction, Money, Part, Sentences


class OfWorld(Document):
    """The head of a document about a base year."""

    world: Annotated[str, Field(description="The name of the base year.")]
    digest: Annotated[str, Field(description="SHA-256 of its data.")]


class CountryEffect(Part):
    """What a shock does to one country."""

    country: Country
    income: Annotated[Money, Field(description="Of the base year.")]
    equivalent_variation: Money
    real_income_change: Fraction
    wage_change: Fraction
    final_price_change: Fraction
    tariff_revenue: Money
    transfer: Annotated[Money, Field(description="The trade deficit.")]


class Quota(Part):
    """What came of a limit on the quantity of flows."""

    goods: list[str]
    origin: Annotated[list[str], Field(description="As stated: codes and groups.")]
    market: Annotated[list[str], Field(description="As stated: codes and groups.")]
    limit: Annotated[float, Field(description="USD million a year at prices of the base year.")]
    quantity: Annotated[float, Field(description="What arrives, in the unit of the limit.")]
    binds: bool
    rate: Annotated[
        float, Field(description="The ad-valorem rate at which it binds; 0.25 is 25 %.")
    ]
    rent: Annotated[Money, Field(description="What those earn who hold the licences.")]
    owner: Annotated[Literal["market", "origin"], Field(description="Whose the rent is.")]


class Equilibrium(OfWorld):
    """Who gains and who loses by a shock."""

    kind: Literal["equilibrium"]
    year: int
    unit: str
    horizon: Annotated[str, Field(description="Its name: short, medium, long or one's own.")]
    transfers: Transfers
    sentences: Sentences
    certificate: Certificate
    quotas: list[Quota]
    countries: list[CountryEffect]


class Batch(Document):
    """Many shocks."""

    kind: Literal["batch"]
    sentences: Sentences
    interrupted: bool
    equilibria: list[Equilibrium | None]
    reasons: Annotated[
        dict[str, str], Field(description="By place of the shock from 0: why it has none.")
    ]


class FlowSlope(Part):
    """Derivatives by the wedges of one flow; null where an embargo closes it."""

    good: str
    market: Country
    origin: Country
    iceberg: float | None
    tariff: float | None
    export_tax: float | None
    closed: bool


class ProducerSlope(Part):
    """Derivatives by what producers of a good in a country have."""

    country: Country
    good: str
    productivity: float
    capacity: Annotated[float | None, Field(description="Null without a fixed factor.")]


class CountrySlope(Part):
    """Derivatives by what a country has."""

    country: Country
    labour: float
    transfer: float
    final_substitution: float


class GoodSlope(Part):
    """Derivatives by elasticities of a good."""

    good: str
    trade_elasticity: float
    input_substitution: float


class Gradient(OfWorld):
    """How one figure of an equilibrium changes with all that a shock can change."""

    kind: Literal["gradient"]
    year: int
    unit: Annotated[str, Field(description="Of the target.")]
    horizon: str
    transfers: Transfers
    sentences: Sentences
    target: str
    residual: float
    products: int
    flows: Annotated[list[FlowSlope], Field(description="The largest by delivered cost.")]
    producers: list[ProducerSlope]
    countries: list[CountrySlope]
    goods: list[GoodSlope]


class Axis(Part):
    """An axis of an array."""

    axis: Annotated[str, Field(description="`good`, `market`, `origin`, `country` and the like.")]
    labels: list[str]


class Array(Document):
    """Values along labelled axes."""

    kind: Literal["array"]
    label: Annotated[str, Field(description="What is measured.")]
    unit: Annotated[str, Field(description="Of the values; empty where they have none.")]
    axes: list[Axis]
    values: Annotated[list[Any], Field(description="Nested lists, one level for each axis.")]


class Good(Part):
    """A good of a base year."""

    good: str
    name: Annotated[str, Field(description="For readers.")]
    sales: Money
    traded: Annotated[Money, Field(description="What of them is sold abroad.")]
    trade_elasticity: float
    input_substitution: float


class World(OfWorld):
    """What is in a base year."""

    kind: Literal["world"]
    year: int
    unit: str
    source: str
    sentences: Sentences
    countries: list[Country]
    goods: list[Good]
    notes: list[str]


class Verdict(Part):
    """One check of a base year."""

    check: str
    passed: bool
    finding: str
    remedy: str
    level: Literal["error", "note"]


class WorldCheck(OfWorld):
    """Whether a base year adds up."""

    kind: Literal["world_check"]
    passed: bool
    sentences: Sentences
    verdicts: list[Verdict]


class Pair(Part):
    """One figure in two base years, each in its own unit."""

    first: float
    second: float


class ComparedRow(Part):
    """A sector, an economy or the whole in two base years."""

    label: Annotated[str, Field(description="Codes, joined by ` + `; empty for the whole.")]
    name: str
    sales: Annotated[Pair, Field(description="Of producers; value added of an economy.")]
    traded: Annotated[Pair, Field(description="What is sold abroad.")]


class WorldComparison(Document):
    """Two base years at the sectors and economies that they have in common."""

    kind: Literal["world_comparison"]
    first: Annotated[str, Field(description="The name of the first base year.")]
    second: Annotated[str, Field(description="The name of the second.")]
    years: Annotated[list[int], Field(min_length=2, max_length=2)]
    units: Annotated[list[str], Field(min_length=2, max_length=2)]
    sentences: Sentences
    whole: ComparedRow
    sectors: list[ComparedRow]
    countries: list[ComparedRow]
    apart: Annotated[
        list[list[Country]],
        Field(description="Economies that only the first, and only the second, has."),
    ]


class ListedWorld(Part):
    """A bundled base year in the list."""

    name: str
    year: int
    countries: int
    goods: int
    source: str


class Worlds(Document):
    """The bundled base years."""

    kind: Literal["worlds"]
    sentences: Sentences
    worlds: list[ListedWorld]
