from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.wire.encodings import Coding, choose_coding, zstd


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("gzip", Coding.GZIP),
        ("x-gzip", Coding.GZIP),
        ("GZIP", Coding.GZIP),
        ("zstd", Coding.ZSTD),
        ("gzip, deflate, br, zstd", Coding.ZSTD),
        ("gzip;q=0.8, zstd;q=0.5", Coding.GZIP),
        ("gzip ; q=0.5 , zstd ; q=0.8", Coding.ZSTD),
        ("gzip;q=0", None),
        ("gzip;q=0.000, zstd;q=0", None),
        ("gzip;q=0, *", None),
        ("*", Coding.GZIP),
        ("*;q=0", None),
        ("identity", None),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.2, gzip;q=0.5", Coding.GZIP),
        ("identity;q=0", None),
        ("br, deflate", None),
        ("gzip;q=high", None),
        ("gzip;q=2", None),
        (",;,", None),
    ],
)
def test_chooses_the_coding_of_the_highest_quality(accepted: str, coding: Coding | None) -> None:
    assert choose_coding(accepted) is coding


@given(st.text(max_size=40))
def test_reads_any_header(accepted: str) -> None:
    assert choose_coding(accepted) in {None, *Coding}


@given(st.binary(max_size=5000))
def test_what_is_encoded_can_be_decoded(body: bytes) -> None:
    assert gzip.decompress(Coding.GZIP.encode(body)) == body
    assert zstd.decompress(Coding.ZSTD.encode(body)) == body


@pytest.mark.parametrize("coding", list(Coding))
def test_equal_bodies_give_equal_bytes(coding: Coding) -> None:
    assert coding.encode(b"abc" * 1000) == coding.encode(b"abc" * 1000)
