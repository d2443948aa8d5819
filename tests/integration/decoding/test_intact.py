"""Films whose files end before they do, or claim more bytes than they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenedex.media.errors import MediaUnreadable
from scenedex.media.probe_entry import measure

if TYPE_CHECKING:
    from tests.integration.decoding.conftest import MakeSample, OpenBytes

SECONDS = 4


def indexed_first(sample: MakeSample) -> bytes:
    """A film with its index before its pictures."""
    data = sample(frames=25 * SECONDS, sound="aac")
    pictures, index = data.find(b"mdat") - 4, data.find(b"moov") - 4
    moved = bytearray(data[index:])
    place = moved.find(b"stco")
    while place >= 0:
        for entry in range(int.from_bytes(moved[place + 8 : place + 12], "big")):
            at = place + 12 + 4 * entry
            moved[at : at + 4] = (int.from_bytes(moved[at : at + 4], "big") + len(moved)).to_bytes(4, "big")
        place = moved.find(b"stco", place + 4)
    return data[:pictures] + bytes(moved) + data[pictures:index]


@pytest.mark.parametrize("kind", [b"free", b"uuid", b"mdat"])
def test_padding_that_claims_too_much_is_not_missed(sample: MakeSample, opened: OpenBytes, kind: bytes) -> None:
    found = measure(opened(indexed_first(sample) + (5000).to_bytes(4, "big") + kind + bytes(20)), b"")

    assert found.missing_ms == 0
    assert found.duration == measure(opened(indexed_first(sample)), b"").duration


def test_a_box_of_pictures_that_claims_too_much_is_not_missed(sample: MakeSample, opened: OpenBytes) -> None:
    data = bytearray(indexed_first(sample))
    place = data.find(b"mdat") - 4
    data[place : place + 4] = (int.from_bytes(data[place : place + 4], "big") + 9999).to_bytes(4, "big")

    assert measure(opened(bytes(data)), b"").missing_ms == 0


@pytest.mark.parametrize("container", ["mp4", "matroska"])
@pytest.mark.parametrize("share", [0.5, 0.8])
def test_a_film_reaches_as_far_as_its_file(sample: MakeSample, opened: OpenBytes, container: str, share: float) -> None:
    whole = indexed_first(sample) if container == "mp4" else sample(frames=25 * SECONDS, container=container)

    found = measure(opened(whole[: int(len(whole) * share)]), b"")

    assert 0 < found.duration < SECONDS
    assert float(found.duration) * 1000 + found.missing_ms == pytest.approx(1000 * SECONDS, abs=100)
    assert float(found.duration) / SECONDS == pytest.approx(share, abs=0.3)


def test_of_a_film_that_is_all_missing_nothing_is_imported(sample: MakeSample, opened: OpenBytes) -> None:
    data = indexed_first(sample)

    with pytest.raises(MediaUnreadable):
        measure(opened(data[: data.find(b"mdat") + 4]), b"")
