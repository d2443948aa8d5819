"""Sentences that quote passages, in the languages of answers. Pure."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, cast

from scenedex.engines.summaries.composed_speech import speaker_name
from scenedex.engines.summaries.korean_particles import with_particle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.engines.answers.port import EvidencePassage
    from scenedex.engines.summaries.port import SummaryLocale

_LONGEST: Final = 400  # characters of a quotation


def quotation(passages: Sequence[EvidencePassage], locale: SummaryLocale) -> str:
    """Return a sentence that quotes passages of one asset, which follow each other, with file, time and speaker."""
    forms, first = _sentences()[locale], passages[0]
    place = forms["in" if first.is_still else "at"].format(file=first.file_name, time=clock_time(first.start_ms))
    if first.kind == "seen":
        name = with_particle(first.text, "이") if locale == "ko-KR" else first.text
        return forms["seen"].format(where=place, name=name)
    quote = " ".join(" ".join(one.text.split()) for one in passages)
    if len(quote) > _LONGEST:
        quote = f"{quote[: _LONGEST - 1]}…"
    if first.kind == "read":
        return forms["read"].format(where=place, quote=quote)
    name = speaker_name(first.speaker)
    return forms["heard" if name is None else "said"].format(where=place, name=name, quote=quote)


def clock_time(milliseconds: int) -> str:
    """Format a time of a film as minutes and seconds, with hours if there are any."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@lru_cache(maxsize=1)
def _sentences() -> Mapping[str, Mapping[str, str]]:
    text = files(__package__ or "").joinpath("quotations.toml").read_text("utf-8")
    return cast("Mapping[str, Mapping[str, str]]", tomllib.loads(text))
