"""Small samples of a frame's planes, taken by stride from the decoder's buffers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from av import VideoFrame
    from av.video.format import VideoFormatComponent
    from numpy.typing import NDArray

    Planes = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]

LUMA_ROWS = 72
CHROMA_ROWS = 36
_FLAT_CHROMA = 128
_COMPONENTS = 3
_BYTE_BITS = 8


def sample_planes(frame: VideoFrame) -> Planes:
    """Y, U and V as 8-bit arrays of about 72, 36 and 36 rows, read-only."""
    kind = frame.format
    if kind.is_rgb or kind.is_bit_stream or kind.has_palette or kind.is_big_endian:
        # Rare in films: let the scaler make them ordinary.
        scale = max(1, frame.height // LUMA_ROWS)
        small = frame.reformat(
            width=max(2, frame.width // scale), height=max(2, frame.height // scale), format="yuv420p"
        )
        return sample_planes(small)
    components = [component for component in kind.components if not component.is_alpha]
    luma = _sample(frame, components[0], LUMA_ROWS)
    if len(components) < _COMPONENTS:
        flat = np.full((max(1, luma.shape[0] // 2), max(1, luma.shape[1] // 2)), _FLAT_CHROMA, np.uint8)
        flat.flags.writeable = False
        return luma, flat, flat
    return luma, _sample(frame, components[1], CHROMA_ROWS), _sample(frame, components[2], CHROMA_ROWS)


def _sample(frame: VideoFrame, component: VideoFormatComponent, rows: int) -> NDArray[np.uint8]:
    plane = frame.planes[component.plane]
    is_wide = component.bits > _BYTE_BITS
    values = np.frombuffer(plane, np.uint16 if is_wide else np.uint8)
    pitch = plane.line_size // values.itemsize
    grid = values[: pitch * plane.height].reshape(plane.height, pitch)
    sharing = [other for other in frame.format.components if other.plane == component.plane]
    if len(sharing) > 1:
        # Interleaved: each component is every n-th value of the row.
        place = [other.index for other in sharing].index(component.index)
        grid = grid[:, place :: len(sharing)]
    step = max(1, component.height // rows)
    picked = grid[step // 2 : component.height : step, step // 2 : component.width : step]
    if is_wide:
        # Formats such as p010 keep their bits at the top of the word.
        shift = _BYTE_BITS if frame.format.name.startswith("p0") else component.bits - _BYTE_BITS
        picked = picked >> shift
    sample = picked.astype(np.uint8)
    sample.flags.writeable = False
    return sample
