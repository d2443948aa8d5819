"""Composed summaries in English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scenedex.engines.summaries.composed_language import ThingKind, minutes_of, read_sentences
from scenedex.engines.summaries.composed_things import thing_in

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TERMINAL: Final = re.compile(r"[.!?…]['\u2019]?$")


class English:
    """English sentences."""

    def __init__(self) -> None:
        self.sentences: Final = read_sentences("en")
        self.is_spaced: Final = True

    def inflect(self, text: str, form: str, *, is_quote: bool) -> str:
        """See `Inflector`. ``{q:.}`` ends a sentence, ``{q:,}`` is followed by its speaker."""
        written = f"“{text}”" if is_quote else text
        return written if form and _TERMINAL.search(text.rstrip("”")) else written + form

    def listed(self, parts: Sequence[str]) -> str:
        """See `Language`."""
        return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"

    def people(self, count: int) -> str:
        """See `Language`."""
        return f"{_number(count)} people"

    def others(self, count: int) -> str:
        """See `Language`."""
        return "one more person" if count == 1 else f"{_number(count)} more people"

    def shots(self, count: int) -> str:
        """See `Language`."""
        return "one shot" if count == 1 else f"{_number(count)} shots"

    def time(self, seconds: float) -> str:
        """See `Language`."""
        minutes, rest = minutes_of(seconds)
        parts = [
            f"{count} {unit}{'s' * (count != 1)}" for count, unit in ((minutes, "minute"), (rest, "second")) if count
        ]
        return " and ".join(parts)

    def thing(self, keyword: str) -> tuple[ThingKind, str] | None:
        """See `Language`."""
        return thing_in("en", keyword)

    def finished(self, text: str) -> str:
        """See `Language`."""
        return text[0].upper() + text[1:]


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)
