"""Formats of media files. Pure."""

from __future__ import annotations

from typing import Final, Literal

MediaFormat = Literal["mp4", "mkv", "mov", "webm", "png", "jpg", "heic"]
"""Formats of assets."""
PictureFormat = Literal["png", "jpg", "heic", "webp"]
"""Formats of pictures that are analysed without being assets."""

IMAGE_FORMATS: Final = frozenset({"png", "jpg", "heic"})
"""Formats of still pictures among those of assets. A motion photo has such a format, too."""
MATROSKA_FORMATS: Final = frozenset({"mkv", "webm"})
"""Formats that are kinds of Matroska."""
