"""Composed summaries in Japanese."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scenedex.engines.summaries.composed_language import ThingKind, minutes_of, read_sentences
from scenedex.engines.summaries.composed_things import thing_in

if TYPE_CHECKING:
    from collections.abc import Sequence

_PERIODS: Final = re.compile("[。.]+$")


class Japanese:
    """Japanese sentences in the plain style."""

    def __init__(self) -> None:
        self.sentences: Final = read_sentences("ja")
        self.is_spaced: Final = False

    def inflect(self, text: str, form: str, *, is_quote: bool) -> str:
        """See `Inflector`."""
        return (f"「{_PERIODS.sub('', text)}」" if is_quote else text) + form

    def listed(self, parts: Sequence[str]) -> str:
        """See `Language`. Quotes follow each other without a mark."""
        if all(part.startswith("「") for part in parts):
            return "".join(parts)
        return "と".join(parts) if len(parts) < 3 else "、".join(parts)  # noqa: PLR2004  # two are joined by a particle

    def people(self, count: int) -> str:
        """See `Language`."""
        return f"{count}人"

    def others(self, count: int) -> str:
        """See `Language`."""
        return "もう1人" if count == 1 else f"ほかの{count}人"

    def shots(self, count: int) -> str:
        """See `Language`."""
        return f"{count}カット"

    def time(self, seconds: float) -> str:
        """See `Language`."""
        minutes, rest = minutes_of(seconds)
        return "".join(f"{count}{unit}" for count, unit in ((minutes, "分"), (rest, "秒")) if count)

    def thing(self, keyword: str) -> tuple[ThingKind, str] | None:
        """See `Language`."""
        return thing_in("ja", keyword)

    def finished(self, text: str) -> str:
        """See `Language`."""
        return text
