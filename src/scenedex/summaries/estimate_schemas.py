"""Wire shapes of costs and estimates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from msgspec import Meta

from scenedex.wire.envelope import Wire

if TYPE_CHECKING:
    from scenedex.summaries.use import Prices, SummaryEstimate


class CostObject(Wire, frozen=True, kw_only=True):
    """A sum of money, by the prices of the settings."""

    amount: Annotated[float, Meta(ge=0, description="Amount", examples=[0.42])]
    currency: Annotated[str, Meta(description="Label of the currency", examples=["USD"])]

    @classmethod
    def of(cls, prices: Prices, input_tokens: int, output_tokens: int) -> Self | None:
        """Return the cost of tokens, or `None` without prices."""
        amount = prices.cost(input_tokens, output_tokens)
        return None if amount is None else cls(amount=amount, currency=prices.currency)


class MonthObject(Wire, frozen=True, kw_only=True):
    """Use of services by scene summaries of the workspace in this calendar month (UTC)."""

    scenes: Annotated[int, Meta(ge=0, description="Scenes that were summarised", examples=[120])]
    tokens: Annotated[int, Meta(ge=0, description="Tokens that were sent and received", examples=[310_000])]
    max_scenes: Annotated[int, Meta(ge=1, description="Maximum number of scenes. Missing without a limit")] | None = (
        None
    )
    max_tokens: (
        Annotated[int, Meta(ge=1, description="Maximum number of tokens, if there is one", examples=[200_000])] | None
    ) = None


class EstimateObject(Wire, frozen=True, kw_only=True):
    """Estimated use of a service by a scene summary. An addition of Scenedex to the API."""

    engine: Annotated[str, Meta(description="Engine that would write it", examples=["vision-language-model 1"])]
    scene_count: Annotated[int, Meta(ge=0, description="Scenes to summarise", examples=[12])]
    pictures: Annotated[int, Meta(ge=0, description="Pictures that would be sent", examples=[48])]
    input_tokens: Annotated[int, Meta(ge=0, description="Tokens that would be sent", examples=[31_000])]
    output_tokens: Annotated[int, Meta(ge=0, description="Tokens that would be received", examples=[1900])]
    measured: Annotated[
        bool, Meta(description="True if tokens and seconds follow former scenes of the engine", examples=[True])
    ]
    cost: Annotated[CostObject | None, Meta(description="Cost. Missing without prices in the settings")] = None
    seconds: Annotated[float, Meta(ge=0, description="Duration in seconds, once measured", examples=[95.5])] | None = (
        None
    )
    month: Annotated[MonthObject, Meta(description="Use by the workspace in this month, and its limits")]
    refused_because: (
        Annotated[
            str,
            Meta(
                description="Reason for which a request would be refused now, if there is one",
                examples=["The workspace has used 1000 of 1000 scenes of this month."],
            ),
        ]
        | None
    ) = None

    @classmethod
    def of(cls, found: SummaryEstimate) -> Self:
        """Convert an estimate."""
        return cls(
            engine=found.engine,
            scene_count=found.scene_count,
            pictures=found.picture_count,
            input_tokens=found.input_tokens,
            output_tokens=found.output_tokens,
            measured=found.is_measured,
            cost=CostObject.of(found.prices, found.input_tokens, found.output_tokens),
            seconds=None if found.seconds is None else round(found.seconds, 1),
            month=MonthObject(
                scenes=found.use.scene_count,
                tokens=found.use.tokens,
                max_scenes=found.limits.scenes or None,
                max_tokens=found.limits.tokens or None,
            ),
            refused_because=found.excess,
        )


ESTIMATE = EstimateObject(
    engine="vision-language-model 1",
    scene_count=12,
    pictures=48,
    input_tokens=31_000,
    output_tokens=1900,
    measured=True,
    cost=CostObject(amount=0.42, currency="USD"),
    seconds=95.5,
    month=MonthObject(scenes=120, tokens=310_000, max_scenes=1000),
)
