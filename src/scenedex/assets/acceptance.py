"""Acceptance of files as assets. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction
from typing import Final

VIDEO_ENDINGS: Final = frozenset({".mp4", ".m4v", ".mkv", ".mov", ".webm"})
IMAGE_ENDINGS: Final = frozenset({".jpg", ".jpeg", ".png", ".heic", ".heif"})
"""Endings of names by which files of a listing are chosen. An import looks at the content, not at the name."""


@dataclass(frozen=True, slots=True)
class AcceptanceLimits:
    """Limits of an asset: sides in pixels, lengths in seconds, sizes in bytes.

    ``min_intact_share`` is the minimum share of a film or picture that is there if its file ends early.
    """

    min_short_side: int = 360
    max_short_side: int = 1080
    max_video_seconds: int = 6 * 3600
    max_video_bytes: int = 10 * 1000**3
    max_image_bytes: int = 10 * 1000**2
    min_intact_share: float = 0.9


class Kind(Enum):
    """Kinds of assets, by their names on the wire."""

    VIDEO = "VIDEO"
    IMAGE = "IMAGE"


class Rejection(Enum):
    """Reasons to refuse a file."""

    FORMAT = auto()
    SIZE = auto()
    RESOLUTION = auto()
    LENGTH = auto()


def judge(
    kind: Kind, *, width: int, height: int, duration: Fraction, size_bytes: int, limits: AcceptanceLimits
) -> Rejection | None:
    """Return the first reason to refuse a file, in the order size, resolution, length, or `None`.

    The resolution "p" is the shorter side of the upright picture.
    """
    if size_bytes > (limits.max_video_bytes if kind is Kind.VIDEO else limits.max_image_bytes):
        return Rejection.SIZE
    if not limits.min_short_side <= min(width, height) <= limits.max_short_side:
        return Rejection.RESOLUTION
    # A container rounds its length up to a whole frame or packet. One more second keeps the exact limit usable.
    if kind is Kind.VIDEO and duration > limits.max_video_seconds + 1:
        return Rejection.LENGTH
    return None


@dataclass(frozen=True, slots=True)
class EarlyEnd:
    """Remark on a file that ends before its film or picture does, and whether it is refused for that."""

    remark: str
    is_refused: bool


def early_end(
    *, duration: Fraction, missing_ms: int, is_open: bool, missing_share: float | None, limits: AcceptanceLimits
) -> EarlyEnd | None:
    """Return a remark on a file that ends early, or `None` if all of it is there.

    Args:
        duration: length of the part of a film that is there, in seconds.
        missing_ms: length of the part of a film that is missing, in milliseconds.
        is_open: whether the whole length of a film that ends early is not known.
        missing_share: share of the rows of a picture that is missing, or `None` of a whole one.
        limits: limits of an asset.
    """
    if missing_share is not None:
        percent = max(1, round(100 * missing_share))
        some = f"the last {percent} % of the picture are" if missing_share else "details of the picture are"
        return _early_end(1 - missing_share, some, f"{100 - percent} % of the picture are", limits)
    if missing_ms:
        seconds, missing = float(duration), missing_ms / 1000
        whole = seconds + missing
        some = f"the last {missing:.1f} s of {whole:.1f} s are"
        return _early_end(seconds / whole, some, f"{seconds:.1f} s of {whole:.1f} s are", limits)
    if is_open:
        there = f"Its first {float(duration):.1f} s are imported, and how much is missing is not known."
        return EarlyEnd(f"The recording ends early. {there}", is_refused=False)
    return None


def remark_on(early: EarlyEnd | None, *, is_dolby_vision_5: bool) -> str | None:
    """Return what is wrong with a file that is accepted, or `None`."""
    remarks = [] if early is None else [early.remark]
    if is_dolby_vision_5:
        remarks.append("The film is Dolby Vision 5 without a base layer: its colours are approximate.")
    return " ".join(remarks) or None


def _early_end(share: float, missing: str, there: str, limits: AcceptanceLimits) -> EarlyEnd:
    if share >= limits.min_intact_share:
        return EarlyEnd(f"The file ends early: {missing} missing.", is_refused=False)
    setting = f"The setting limits.min_intact_share is {limits.min_intact_share:g}."
    return EarlyEnd(f"The file ends early: {there} there. {setting}", is_refused=True)


def explain(rejection: Rejection, limits: AcceptanceLimits) -> str:
    """Return ``uploadResult`` of a refused file. Source: Get media asset registration status, except for the size."""
    sides = f"supported resolutions: {limits.min_short_side}p to {limits.max_short_side}p"
    length = f"up to {_hours(limits.max_video_seconds)}"
    match rejection:
        case Rejection.RESOLUTION:
            return f"Unsupported resolution ({sides})"
        case Rejection.LENGTH:
            return f"Unsupported video length ({length})"
        case Rejection.FORMAT:
            return f"Unsupported file format ({sides}, {length})"
        case Rejection.SIZE:
            return f"Unsupported file size (up to {_size(limits.max_video_bytes)} / {_size(limits.max_image_bytes)})"


def limit_of(rejection: Rejection, kind: Kind, *, short_side: int, limits: AcceptanceLimits) -> str | None:
    """Return the setting that refuses a file and its value, or `None` if none does."""
    match rejection:
        case Rejection.RESOLUTION:
            name = "min_short_side" if short_side < limits.min_short_side else "max_short_side"
        case Rejection.LENGTH:
            name = "max_video_seconds"
        case Rejection.SIZE:
            name = "max_video_bytes" if kind is Kind.VIDEO else "max_image_bytes"
        case Rejection.FORMAT:
            return None
    return f"limits.{name} is {getattr(limits, name)}"


def _hours(seconds: int) -> str:
    hours = Fraction(seconds, 3600)
    return f"{float(hours):g} hour{'' if hours == 1 else 's'}"


def _size(size_bytes: int) -> str:
    for unit, factor in (("GB", 1000**3), ("MB", 1000**2), ("kB", 1000)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:g} {unit}"
    return f"{size_bytes} bytes"
