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


FRAGMENTS = "frag_keyframe+empty_moov"


@pytest.mark.parametrize("share", [0.5, 0.92, 0.97])
@pytest.mark.parametrize("flags", [FRAGMENTS, FRAGMENTS + "+skip_trailer", FRAGMENTS + "+default_base_moof"])
def test_a_recording_in_fragments_reaches_as_far_as_its_file(
    sample: MakeSample, opened: OpenBytes, flags: str, share: float
) -> None:
    whole = sample(frames=25 * SECONDS, sound="aac", container_options={"movflags": flags})

    found = measure(opened(whole[: int(len(whole) * share)]), b"")

    assert float(found.duration) / SECONDS == pytest.approx(share, abs=0.25)
    assert (found.is_open, found.missing_ms) == (True, 0)


def indexed_fragments(data: bytes) -> bytes:
    """A film in fragments with an index of segments before them, as of streaming services."""
    place = data.find(b"moof") - 4
    numbers = [1, 1000, 0, 0, 1, len(data) - place, 1000 * SECONDS, 0]
    index = bytes(4) + b"".join(number.to_bytes(4, "big") for number in numbers)
    return data[:place] + (len(index) + 8).to_bytes(4, "big") + b"sidx" + index + data[place:]


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_the_index_of_segments_knows_how_much_is_missing(sample: MakeSample, opened: OpenBytes, share: float) -> None:
    flags = {"movflags": FRAGMENTS + "+default_base_moof"}
    whole = indexed_fragments(sample(frames=25 * SECONDS, container_options=flags))

    found = measure(opened(whole[: int(len(whole) * share)]), b"")

    assert not found.is_open
    assert float(found.duration) * 1000 + found.missing_ms == pytest.approx(1000 * SECONDS, abs=50)
    assert float(found.duration) / SECONDS == pytest.approx(share, abs=0.25)


def test_a_recording_whose_first_fragment_is_cut_ends_early(sample: MakeSample, opened: OpenBytes) -> None:
    whole = sample(frames=25 * SECONDS, container_options={"movflags": FRAGMENTS})

    for end in (whole.find(b"moof") + 40, whole.find(b"mdat") + 4):
        with pytest.raises(MediaUnreadable, match="ends early"):
            measure(opened(whole[:end]), b"")


@pytest.mark.parametrize("container", ["matroska", "webm"])
def test_headers_of_matroska_that_are_cut_end_early(sample: MakeSample, opened: OpenBytes, container: str) -> None:
    whole = sample(codec="libvpx", container=container)

    with pytest.raises(MediaUnreadable, match="ends early"):
        measure(opened(whole[:300]), b"")


def test_of_a_film_that_is_all_missing_nothing_is_imported(sample: MakeSample, opened: OpenBytes) -> None:
    data = indexed_first(sample)

    with pytest.raises(MediaUnreadable):
        measure(opened(data[: data.find(b"mdat") + 4]), b"")
