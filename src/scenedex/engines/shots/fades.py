"""Fades: the picture changes gradually to plain black or white frames and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenedex.engines.shots.cuts import Settled

LONGEST = 96
"""Number of plain frames after which the boundary is placed before the picture returns."""


MIN_SHOWN = 20.0
"""Luma variance of a picture that may fade: less is an almost plain picture, on which something small appears."""


class FadeFinder:
    """Finds runs of plain frames without a jump at either end. Positions count frames from 0."""

    def __init__(self) -> None:
        self._next = 0
        self._begin: int | None = None
        self._is_open = False

    @property
    def settled(self) -> int:
        """First frame at which a later fade may be reported."""
        return self._next if self._begin is None else self._begin

    def feed(self, settled: Settled) -> list[tuple[int, int]]:
        """Add the next frames and return the plain runs that they settle, as positions ``(first, end)``.

        A run at the start or end of the asset is no boundary, because only one shot is beside it.
        """
        plain, shows = settled.is_plain, settled.variance >= MIN_SHOWN
        if self._begin is None and not plain.any():
            self._next += len(plain)
            self._is_open |= bool(shows.any())
            return []
        found: list[tuple[int, int]] = []
        for is_plain, jumps, is_shown in zip(plain, settled.is_break, shows, strict=True):
            run = self._step(is_plain=bool(is_plain), jumps=bool(jumps))
            self._is_open = not is_plain and (self._is_open or bool(is_shown))
            if run is not None:
                found.append(run)
            self._next += 1
        return found

    def _step(self, *, is_plain: bool, jumps: bool) -> tuple[int, int] | None:
        begin = self._begin
        if begin is None:
            if is_plain and self._is_open and not jumps:
                self._begin = self._next
            return None
        if jumps:
            self._begin = None
            return None
        if is_plain and self._next - begin < LONGEST:
            return None
        self._begin = None
        return begin, self._next
