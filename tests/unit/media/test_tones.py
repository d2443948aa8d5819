"""Conversion of HDR and of wide gamuts to SDR."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from colour_films import PATCHES, hlg_codes, nits_of, pq_codes, wide_codes
from scenedex.media.tones import highlights, to_sdr

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from scenedex.media.tones import Primaries, Transfer

    Codes = Callable[[NDArray[np.float64]], NDArray[np.float64]]

CURVES = pytest.mark.parametrize(("transfer", "codes"), [("pq", pq_codes), ("hlg", hlg_codes)], ids=["pq", "hlg"])


def converted(codes: NDArray[np.float64], transfer: Transfer, primaries: Primaries = "bt2020") -> NDArray[np.uint8]:
    """The SDR colours of a picture of columns of these codes."""
    picture = np.repeat(np.repeat(codes[None], 8, axis=0), 8, axis=1)
    planes = [np.round(picture[..., number] * 4095).astype(np.uint16) for number in range(3)]
    return to_sdr(planes, transfer, primaries, peak=highlights(planes, transfer))[4, 4::8]


@CURVES
def test_colours_of_sdr_come_back_from_hdr(transfer: Transfer, codes: Codes) -> None:
    found = converted(codes(nits_of(PATCHES)), transfer)
    assert np.abs(found.astype(int) - PATCHES).max() <= 4


@CURVES
def test_midtones_stay_beside_highlights(transfer: Transfer, codes: Codes) -> None:
    light = np.vstack([nits_of(PATCHES), [[1000, 1000, 1000]]])
    found = converted(codes(light), transfer)[:-1].astype(int)
    assert np.abs(found - PATCHES).max() <= 10


@CURVES
def test_brighter_light_is_never_darker(transfer: Transfer, codes: Codes) -> None:
    greys = np.repeat(np.geomspace(0.1, 1000, 60)[:, None], 3, axis=1)
    found = converted(codes(greys), transfer).astype(int)
    assert (np.diff(found[:, 0]) >= 0).all()
    assert found[-1].min() >= 253
    # Highlights keep their differences: what is brighter than white of SDR is no flat white.
    assert len(np.unique(found[greys[:, 0] > 203, 0])) >= 8
    assert np.abs(found - found[:, :1]).max() <= 2


def test_light_of_ten_thousand_keeps_tones_apart() -> None:
    greys = np.repeat(np.array([[100.0], [203], [1000], [4000], [10_000]]), 3, axis=1)
    assert (np.diff(converted(pq_codes(greys), "pq")[:, 0].astype(int)) > 0).all()


@pytest.mark.parametrize("primaries", [9, 12], ids=["bt2020", "p3"])
def test_colours_of_a_wide_gamut_come_back(primaries: int) -> None:
    name: Primaries = "bt2020" if primaries == 9 else "p3"
    found = converted(wide_codes(PATCHES, 9 if primaries == 9 else 12), "sdr", name)
    assert np.abs(found.astype(int) - PATCHES).max() <= 3


def test_colours_that_bt709_lacks_keep_their_hue() -> None:
    green = converted(np.array([[0.0, 1.0, 0.0]]), "sdr", "p3")[0].astype(int)
    assert green[1] >= 240
    assert green[1] > green[0] + 100
    assert green[1] > green[2] + 100


@given(st.integers(0, 4095), st.integers(0, 4095), st.integers(0, 4095))
def test_no_code_fails(red: int, green: int, blue: int) -> None:
    planes = [np.full((4, 4), code, np.uint16) for code in (red, green, blue)]
    for transfer in ("pq", "hlg", "sdr"):
        assert to_sdr(planes, transfer, "bt2020", peak=highlights(planes, transfer)).shape == (4, 4, 3)
