"""Where the media child enters: the stages that look at one asset, in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scenedex.analysis.stages.visual import VisualOptions, VisualResult, look
from scenedex.media.images import encode_jpeg

if TYPE_CHECKING:
    from scenedex.media.opened import OpenedMedia


def analyse(opened: OpenedMedia, params: bytes) -> VisualResult:
    """Finds shots, scenes and keyframes; the keyframes are files in the work folder."""
    return look(opened, msgspec.json.decode(params, type=VisualOptions), encode_jpeg)
