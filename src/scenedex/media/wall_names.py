"""Names of the walls around a media child."""

from __future__ import annotations

from enum import StrEnum


class WallName(StrEnum):
    """Name of a wall, which `walls` describes."""

    LIMITS = "limits"
    CALLS = "system calls"
    FILES = "files"
    DEATH = "end with the worker"
    TOTALS = "totals"
    GROUP = "control group"
    THREADS = "threads"
    SIGNALS = "signals"
    USER = "user id"
    NAMESPACES = "namespaces"
