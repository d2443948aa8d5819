"""The implementations of the port, by name; loads none of them."""

from __future__ import annotations

from typing import Final

from scenedex.engines.engine import Engine

SILERO: Final = Engine("silero", "1", "silero-vad-v6")
"""Silero's network, whose file comes inside the wheel of faster-whisper."""
