"""Composed summaries in Chinese, with simplified characters or with traditional ones as in Taiwan."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from opencc import OpenCC

from scenedex.engines.summaries.composed_language import ThingKind, minutes_of, read_sentences
from scenedex.engines.summaries.composed_texts import is_wide
from scenedex.engines.summaries.composed_things import thing_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.engines.summaries.composed_language import Case

_TERMINAL: Final = re.compile("[。.!?！？…]['’]?$")  # noqa: RUF001  # punctuation of Chinese
_COUNTS: Final = ("", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十")


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


class Chinese:
    """Chinese sentences.

    Args:
        is_traditional: whether to write traditional characters and words as in Taiwan.
    """

    def __init__(self, *, is_traditional: bool) -> None:
        self._converter: _Converter | None = OpenCC("s2twp") if is_traditional else None
        self.is_spaced: Final = False
        self._marks: Final = ("「", "」") if is_traditional else ("“", "”")
        self.sentences: Final[Mapping[Case, Sequence[str]]] = MappingProxyType(
            {case: tuple(map(self._written, texts)) for case, texts in read_sentences("zh").items()}
        )

    def inflect(self, text: str, form: str, *, is_quote: bool) -> str:
        """See `Inflector`. ``{q:。}`` ends a sentence, with the stop within its quotes."""
        start, end = self._marks
        if form == "。":
            if _TERMINAL.search(text):
                form = ""
            # The stop of a Chinese sentence is within its quotes, and no sentence of another script has one.
            return f"{start}{text}{form}{end}" if is_wide(text) else f"{start}{text}{end}{form}"
        if form == "，" and _TERMINAL.search(text):  # noqa: RUF001  # a comma of Chinese
            form = ""
        return f"{start}{text}{end}{form}" if is_quote else text + form

    def listed(self, parts: Sequence[str]) -> str:
        """See `Language`. Quotes follow each other without a mark."""
        if all(part.startswith(self._marks[0]) for part in parts):
            return "".join(parts)
        return parts[0] if len(parts) == 1 else f"{'、'.join(parts[:-1])}和{parts[-1]}"

    def people(self, count: int) -> str:
        """See `Language`."""
        return self._written(f"{_counted(count)}个人")

    def others(self, count: int) -> str:
        """See `Language`."""
        return self._written(f"另外{_counted(count)}个人")

    def shots(self, count: int) -> str:
        """See `Language`."""
        return self._written(f"{_counted(count)}个镜头")

    def time(self, seconds: float) -> str:
        """See `Language`."""
        minutes, rest = minutes_of(seconds)
        if not rest:
            return self._written(f"{minutes}分钟")
        return "".join(f"{count}{unit}" for count, unit in ((minutes, "分"), (rest, "秒")) if count)

    def thing(self, keyword: str) -> tuple[ThingKind, str] | None:
        """See `Language`."""
        found = thing_in("zh", keyword)
        return None if found is None else (found[0], self._written(found[1]))

    def finished(self, text: str) -> str:
        """See `Language`."""
        return text

    def _written(self, text: str) -> str:
        return text if self._converter is None else _converted(self._converter, text)


@lru_cache(maxsize=2048)
def _converted(converter: _Converter, text: str) -> str:
    return converter.convert(text)


def _counted(count: int) -> str:
    return _COUNTS[count] if count < len(_COUNTS) else str(count)
