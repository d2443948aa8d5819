"""Conversion of HDR and of wide gamuts to SDR: codes of PQ, HLG or SDR in BT.2020 or P3 become codes of BT.709.

The steps follow ITU-R BT.2100 (transfer functions, system gamma of HLG), BT.2390 (the curve that compresses highlights,
EETF, on the largest of R, G and B) and BT.2408 (reference white at 203 cd/m2). Tones below the knee of the curve keep
their luminance. The curve of a picture begins at the luminance of its own highlights, so a picture without highlights
keeps all tones.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    _Floats = NDArray[np.float32]

Transfer = Literal["pq", "hlg", "sdr"]
Primaries = Literal["bt709", "bt2020", "p3"]

REFERENCE_WHITE: Final = 203.0
"""Luminance of SDR white in HDR, in cd/m2."""

_PQ_PEAK: Final = 10_000.0
_HLG_PEAK: Final = 1000.0
_HLG_GAMMA: Final = 1.2
_SDR_GAMMA: Final = 2.4
_M1, _M2 = 2610 / 16384, 2523 / 4096 * 128
_C1, _C2, _C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
_A: Final = 0.17883277
_B: Final = 1 - 4 * _A
_C: Final = 0.5 - _A * float(np.log(4 * _A))
_LUMINANCE_2020: Final = np.array([0.2627, 0.6780, 0.0593], np.float32)
_LUMINANCE_709: Final = np.array([0.2126, 0.7152, 0.0722], np.float32)
_TO_709: Final[Mapping[Primaries, NDArray[np.float32]]] = {
    "bt709": np.eye(3, dtype=np.float32),
    "bt2020": np.array(
        [[1.660491, -0.587641, -0.072850], [-0.124550, 1.132900, -0.008349], [-0.018151, -0.100579, 1.118730]],
        np.float32,
    ),
    "p3": np.array(
        [[1.224940, -0.224940, 0.0], [-0.042057, 1.042057, 0.0], [-0.019638, -0.078636, 1.098274]], np.float32
    ),
}
# From I, P and T of Dolby Vision 5 to codes of cones, and from their light, of which each has 2 % of each other, to
# light of BT.2020.
_IPT_TO_CONES: Final = np.array(
    [[1, 0.0975689, 0.205226], [1, -0.113876, 0.133217], [1, 0.0326151, -0.676887]], np.float32
)
_CONES_TO_2020: Final = (
    np.array(
        [
            [3.06441879, -2.16597676, 0.10155818],
            [-0.65612108, 1.78554118, -0.12943749],
            [0.01736321, -0.04725154, 1.03004253],
        ]
    )
    @ np.linalg.inv(np.full((3, 3), 0.02) + 0.94 * np.eye(3))
).astype(np.float32)
# Rows that are converted at once stay in the cache of the processor.
_ROWS: Final = 32
_CODES: Final = 4096
_CURVE_STEPS: Final = 4095
_GAIN_STEPS: Final = 16_383
_OUTPUT_STEPS: Final = 65_535
_NEGLIGIBLE: Final = 1e-3
_TINY: Final = 1e-9
# Highlights are found in every fourth pixel of every fourth row.
_SPARSE: Final = 4
_HIGHLIGHT_SHARE: Final = 0.999


def to_sdr(
    colours: Sequence[NDArray[np.uint16]], transfer: Transfer, primaries: Primaries, *, peak: float = 1.0
) -> NDArray[np.uint8]:
    """Convert planes of R, G and B ``(height, width)`` to SDR ``(height, width, 3)``.

    Args:
        colours: codes of 12 bits in full range.
        transfer: transfer function of the codes.
        primaries: primaries of the codes.
        peak: light that becomes white, 1 being reference white. See `highlights`.
    """
    height, width = colours[0].shape
    out = np.empty((height, width, 3), np.uint8)
    curve, output = _curve(peak), _output_table()
    for first in range(0, height, _ROWS):
        light = _light([plane[first : first + _ROWS] for plane in colours], transfer)
        if transfer != "sdr":
            step = (_brightest(light) * np.float32(_CURVE_STEPS / peak)).astype(np.intp)
            factor = curve.take(step, mode="clip")
            light = [plane * factor for plane in light]
        shown = [_weighted(light, row) for row in _TO_709[primaries]]
        _bring_into_gamut(shown)
        for number, plane in enumerate(shown):
            code = (plane * np.float32(_OUTPUT_STEPS)).astype(np.intp)
            out[first : first + _ROWS, :, number] = output.take(code, mode="clip")
    return out


def ipt_to_rgb(planes: Sequence[NDArray[np.uint16]]) -> Sequence[NDArray[np.uint16]]:
    """Convert planes of I, P and T of Dolby Vision 5 to codes of PQ in BT.2020. All codes have 12 bits in full range.

    The codes are read without the curves that a film has for each scene, so tones and saturation are approximate.
    """
    top = _CODES - 1
    table = _input_table("pq")
    ipt = np.stack(planes).astype(np.float32).reshape(3, -1) / top
    ipt[1:] -= 0.5
    cones = table[np.rint(_IPT_TO_CONES @ ipt * top).clip(0, top).astype(np.intp)]
    light = _CONES_TO_2020 @ cones
    codes = np.interp(light, table, np.arange(_CODES)).astype(np.uint16)
    return list(codes.reshape(3, *planes[0].shape))


def highlights(colours: Sequence[NDArray[np.uint16]], transfer: Transfer) -> float:
    """Return the light of the brightest parts of a picture, at least that of reference white, which is 1."""
    if transfer == "sdr":
        return 1.0
    sparse = [plane[::_SPARSE, ::_SPARSE] for plane in colours]
    brightest = _brightest(_light(sparse, transfer)).ravel()
    place = min(len(brightest) - 1, int(len(brightest) * _HIGHLIGHT_SHARE))
    return max(1.0, float(np.partition(brightest, place)[place]))


def _light(colours: Sequence[NDArray[np.uint16]], transfer: Transfer) -> list[_Floats]:
    """Return the light of a display by colour, 1 being reference white."""
    table = _input_table(transfer)
    light = [table.take(plane, mode="clip") for plane in colours]
    if transfer == "hlg":
        scene = _weighted(light, _LUMINANCE_2020)
        # The power of luminance that a display adds to the light of the scene.
        gain = _gain_table().take((scene * _GAIN_STEPS).astype(np.intp), mode="clip")
        return [plane * gain for plane in light]
    return light


def _weighted(planes: Sequence[_Floats], weights: NDArray[np.float32]) -> _Floats:
    total = planes[0] * weights[0]
    for plane, weight in zip(planes[1:], weights[1:], strict=True):
        total += plane * weight
    return total


def _brightest(planes: Sequence[_Floats]) -> _Floats:
    return np.maximum(np.maximum(planes[0], planes[1]), planes[2])


def _curve(peak: float) -> _Floats:
    """Return the factor of each light from 0 to ``peak`` that brings ``peak`` to reference white. Source: BT.2390."""
    light = np.linspace(0, peak, _CURVE_STEPS + 1)
    top = _pq(np.array(peak * REFERENCE_WHITE))
    codes = _pq(light * REFERENCE_WHITE) / top
    limit = float(_pq(np.array(REFERENCE_WHITE)) / top)
    knee = 1.5 * limit - 0.5
    rest = np.clip((codes - knee) / max(1e-6, 1 - knee), 0, 1)
    spline = (
        (2 * rest**3 - 3 * rest**2 + 1) * knee
        + (rest**3 - 2 * rest**2 + rest) * (1 - knee)
        + (3 * rest**2 - 2 * rest**3) * limit
    )
    mapped = _pq_light(np.where(codes < knee, codes, spline) * top) / REFERENCE_WHITE
    return (mapped / np.maximum(light, 1e-9)).astype(np.float32).clip(0, 1)


def _bring_into_gamut(light: Sequence[_Floats]) -> None:
    """Move colours that BT.709 lacks towards grey of the same luminance, in place."""
    lowest = np.minimum(np.minimum(light[0], light[1]), light[2])
    outside = (lowest < -_NEGLIGIBLE) | (_brightest(light) > 1 + _NEGLIGIBLE)
    if not outside.any():
        return
    colours = np.stack([plane[outside] for plane in light])
    grey = np.clip(_LUMINANCE_709 @ colours, 0, 1)
    away = colours - grey
    low = grey / np.maximum(-away.min(axis=0), _TINY)
    high = (1 - grey) / np.maximum(away.max(axis=0), _TINY)
    colours = grey + np.minimum(np.minimum(low, high), 1) * away
    for plane, moved in zip(light, colours, strict=True):
        plane[outside] = moved


def _pq(nits: NDArray[np.float64]) -> NDArray[np.float64]:
    power = (np.maximum(nits, 0) / _PQ_PEAK) ** _M1
    return ((_C1 + _C2 * power) / (1 + _C3 * power)) ** _M2


def _pq_light(codes: NDArray[np.float64]) -> NDArray[np.float64]:
    power = np.maximum(codes, 0) ** (1 / _M2)
    return _PQ_PEAK * (np.maximum(power - _C1, 0) / (_C2 - _C3 * power)) ** (1 / _M1)


@lru_cache(maxsize=3)
def _input_table(transfer: Transfer) -> _Floats:
    """Return the light of each code: of a display, 1 being reference white, and of the scene for HLG."""
    codes = np.arange(_CODES) / (_CODES - 1)
    if transfer == "pq":
        return (_pq_light(codes) / REFERENCE_WHITE).astype(np.float32)
    if transfer == "sdr":
        return (codes**_SDR_GAMMA).astype(np.float32)
    return np.where(codes <= 0.5, codes**2 / 3, (np.exp((codes - _C) / _A) + _B) / 12).astype(np.float32)  # noqa: PLR2004  # middle of the curve of HLG


@lru_cache(maxsize=1)
def _gain_table() -> _Floats:
    """Return the factor from light of the scene to light of the display for each luminance of the scene."""
    scene = np.arange(0.5, _GAIN_STEPS + 1) / _GAIN_STEPS
    return (_HLG_PEAK / REFERENCE_WHITE * scene ** (_HLG_GAMMA - 1)).astype(np.float32)


@lru_cache(maxsize=1)
def _output_table() -> NDArray[np.uint8]:
    """Return the SDR code of each light from 0 to 1."""
    light = np.arange(_OUTPUT_STEPS + 1) / _OUTPUT_STEPS
    return np.round(255 * light ** (1 / _SDR_GAMMA)).astype(np.uint8)
