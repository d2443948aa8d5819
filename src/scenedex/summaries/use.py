"""Use of services by scene summaries: limits of a month, prices, and estimates. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.settings.summaries import TOKENS_OF_INSTRUCTIONS, picture_tokens

if TYPE_CHECKING:
    from scenedex.settings import SummarySettings

_MIN_MEASURED: Final = 5  # scenes of which the averages mean something
_OUTPUT_TOKENS: Final = 160  # of a scene, as long as none has been measured
_MILLION: Final = 1_000_000


class MonthlyUse(msgspec.Struct, frozen=True):
    """Scenes and tokens of a workspace in a month."""

    scene_count: int = 0
    tokens: int = 0


class ServiceRate(msgspec.Struct, frozen=True):
    """Use of a service by scenes that were summarised, and the time that they took in seconds."""

    scene_count: int = 0
    picture_count: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0

    @property
    def is_measured(self) -> bool:
        """True if there are enough scenes for averages."""
        return self.scene_count >= _MIN_MEASURED


class SceneNeeds(msgspec.Struct, frozen=True):
    """Scenes, their pictures that would be sent, and estimated tokens of their lines and texts."""

    scene_count: int = 0
    picture_count: int = 0
    text_tokens: int = 0


@dataclass(frozen=True, slots=True)
class SummaryEngine:
    """The engine that summarises on the machines of these settings.

    Attributes:
        name: its identity.
        calls_service: whether it calls a service, to which limits and prices apply.
    """

    name: str
    calls_service: bool


@dataclass(frozen=True, slots=True)
class MonthlyLimits:
    """Maximum number of scenes and of tokens of a workspace in a month, 0 for none."""

    scenes: int = 0
    tokens: int = 0

    @classmethod
    def of(cls, settings: SummarySettings) -> MonthlyLimits:
        """Return the limits of the settings."""
        return cls(settings.scenes_per_month, settings.tokens_per_month)

    def excess(self, use: MonthlyUse, scenes: int) -> str | None:
        """Return the reason for which so many more scenes exceed a limit, or `None`."""
        if self.scenes and use.scene_count + scenes > self.scenes:
            left = max(0, self.scenes - use.scene_count)
            return (
                f"The workspace has summarised {use.scene_count} scenes of this month's {self.scenes}. {left} are left "
                "(summaries.scenes_per_month)."
            )
        if self.tokens and use.tokens >= self.tokens:
            used = f"The workspace has used {use.tokens} tokens of this month's {self.tokens}"
            return f"{used} (summaries.tokens_per_month)."
        return None


NO_LIMITS: Final = MonthlyLimits()


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of a million tokens, in a currency."""

    input: float = 0
    output: float = 0
    currency: str = ""

    @classmethod
    def of(cls, settings: SummarySettings) -> Prices:
        """Return the prices of the settings."""
        return cls(settings.price_input, settings.price_output, settings.currency)

    def cost(self, input_tokens: int, output_tokens: int) -> float | None:
        """Return the cost of tokens, or `None` if the settings have no price."""
        if not (self.input or self.output):
            return None
        return round((input_tokens * self.input + output_tokens * self.output) / _MILLION, 6)


NO_PRICES: Final = Prices()


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryEstimate:
    """Estimated use of a service by a summary.

    Attributes:
        engine: identity of the engine.
        scene_count: scenes to summarise.
        picture_count: pictures that would be sent.
        input_tokens: tokens that would be sent.
        output_tokens: tokens that would be received.
        prices: prices of the tokens.
        seconds: duration, `None` if it was never measured.
        is_measured: whether tokens follow former scenes of the engine rather than their texts and pictures.
        use: use by the workspace in this month.
        limits: limits of the month.
        excess: reason for which a request would be refused, or `None`.
    """

    engine: str
    scene_count: int
    picture_count: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    prices: Prices = NO_PRICES
    seconds: float | None = None
    is_measured: bool = False
    use: MonthlyUse
    limits: MonthlyLimits
    excess: str | None = None


def estimate(
    engine: SummaryEngine, needs: SceneNeeds, rate: ServiceRate, use: MonthlyUse, settings: SummarySettings
) -> SummaryEstimate:
    """Return the estimated use of a service for some scenes.

    Args:
        engine: the engine.
        needs: the scenes.
        rate: use by former scenes of the engine.
        use: use by the workspace in this month.
        settings: pictures, prices and limits.
    """
    limits, scenes = MonthlyLimits.of(settings), needs.scene_count
    if not engine.calls_service:
        return SummaryEstimate(engine=engine.name, scene_count=scenes, use=use, limits=limits)
    pictures = needs.picture_count
    sent = scenes * TOKENS_OF_INSTRUCTIONS + pictures * picture_tokens(settings.longest_side) + needs.text_tokens
    received = scenes * min(_OUTPUT_TOKENS, settings.max_tokens)
    seconds = None
    if rate.is_measured:
        sent = round(scenes * rate.input_tokens / rate.scene_count)
        received = round(scenes * rate.output_tokens / rate.scene_count)
        seconds = scenes * rate.seconds / rate.scene_count
    return SummaryEstimate(
        engine=engine.name,
        scene_count=scenes,
        picture_count=pictures,
        input_tokens=sent,
        output_tokens=received,
        prices=Prices.of(settings),
        seconds=seconds,
        is_measured=rate.is_measured,
        use=use,
        limits=limits,
        excess=limits.excess(use, scenes),
    )
