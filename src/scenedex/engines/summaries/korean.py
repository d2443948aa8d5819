"""Composed summaries in Korean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scenedex.engines.summaries.composed_language import ThingKind, minutes_of, read_sentences
from scenedex.engines.summaries.composed_things import thing_in
from scenedex.engines.summaries.korean_particles import particle_after

if TYPE_CHECKING:
    from collections.abc import Sequence

_PEOPLE: Final = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")
_TERMINAL: Final = re.compile(r"[.!?…]['\u2019]?$")


class Korean:
    """Korean sentences in the plain style."""

    def __init__(self) -> None:
        self.sentences: Final = read_sentences("ko")
        self.is_spaced: Final = True

    def inflect(self, text: str, form: str, *, is_quote: bool) -> str:
        """See `Inflector`. Forms are particles after a consonant, and ``{q:.}`` ends a sentence."""
        written = f"“{text}”" if is_quote else text
        if form == ".":
            return written if _TERMINAL.search(text) else f"{written}."
        if form == "이" and text == "누군가":
            return written
        return written + particle_after(text, form) if form else written

    def listed(self, parts: Sequence[str]) -> str:
        """See `Language`."""
        if len(parts) <= 1:
            return "".join(parts)
        if len(parts) > 2:  # noqa: PLR2004  # two are joined by a particle
            return ", ".join(parts)
        first, second = parts
        return f"{first}{particle_after(first, '과')} {second}"

    def people(self, count: int) -> str:
        """See `Language`."""
        return f"{_PEOPLE[count]} 사람" if count < len(_PEOPLE) else f"{count}명"

    def others(self, count: int) -> str:
        """See `Language`."""
        return f"다른 {self.people(count)}"

    def shots(self, count: int) -> str:
        """See `Language`."""
        return "한 컷" if count == 1 else f"{count}개 컷"

    def time(self, seconds: float) -> str:
        """See `Language`."""
        minutes, rest = minutes_of(seconds)
        return " ".join(f"{count}{unit}" for count, unit in ((minutes, "분"), (rest, "초")) if count)

    def thing(self, keyword: str) -> tuple[ThingKind, str] | None:
        """See `Language`."""
        return thing_in("ko", keyword)

    def finished(self, text: str) -> str:
        """See `Language`."""
        return text
