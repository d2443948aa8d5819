"""Texts of speech and screens in four languages, with the nouns and names that people search for."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec


class Sample(msgspec.Struct, frozen=True):
    """Texts of one asset, and the wanted keywords."""

    language: str
    half: Literal["tuning", "held-out"]
    is_said: bool
    texts: tuple[str, ...]
    wanted: tuple[str, ...]


class _File(msgspec.Struct, frozen=True):
    samples: tuple[Sample, ...]


def read_samples() -> tuple[Sample, ...]:
    """Read the samples of ``texts.toml``."""
    return msgspec.toml.decode(Path(__file__).with_name("texts.toml").read_bytes(), type=_File).samples
