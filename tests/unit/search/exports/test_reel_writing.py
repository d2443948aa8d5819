from __future__ import annotations

import pytest

from reel_samples import hit
from scenedex.index.exports.formats import FrameRate
from scenedex.search.exports.writing import ReelFormat, write_reel


@pytest.mark.parametrize(
    ("form", "media_type", "start"),
    [
        (ReelFormat.CSV, "text/csv", b"\xef\xbb\xbfrank,score,"),
        (ReelFormat.EDL, "text/plain", "TITLE: 항구\nFCM: DROP FRAME\n\n001  INTERVIE ".encode()),
        (ReelFormat.OTIO, "application/x-otio+json", b'{"OTIO_SCHEMA":"Timeline.1",'),
    ],
)
def test_a_file_is_of_its_format(form: ReelFormat, media_type: str, start: bytes) -> None:
    written = b"".join(write_reel([hit()], form, FrameRate.FPS_29_97, "항구"))

    assert form.media_type == media_type
    assert written.startswith(start)


def test_a_long_spreadsheet_comes_in_parts() -> None:
    parts = list(write_reel([hit()] * 3000, ReelFormat.CSV, FrameRate.FPS_25, "harbour"))

    assert len(parts) > 1
    assert b"".join(parts).count(b"\r\n") == 3001


@pytest.mark.parametrize("form", list(ReelFormat), ids=str)
def test_a_name_that_is_no_text_is_written_all_the_same(form: ReelFormat) -> None:
    written = b"".join(write_reel([hit(file_name="\udcff\0.mp4")], form, FrameRate.FPS_25, "\udcff"))

    assert written.decode()
