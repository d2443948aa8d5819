from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

from export_samples import asset, selected
from index_samples import plain_scene, with_findings
from scenedex import client
from scenedex.exports.content import EditOptions, SceneSelection
from scenedex.exports.frame_rates import FrameRate, FrameRateName
from scenedex.exports.routing import ASSET_FORMATS, SELECTION_FORMATS, AssetFormatName, SelectionFormatName
from scenedex.index.export_routes import ExportOperation
from scenedex.search.routes import SearchExportOperation

if TYPE_CHECKING:
    from scenedex.exports.content import AssetScenes
    from scenedex.exports.routing import ExportFormat

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to"
ASSET_SAMPLES = list(ASSET_FORMATS.values())
SELECTION_SAMPLES = list(SELECTION_FORMATS.values())


@pytest.mark.parametrize(
    ("name", "content_type", "start"),
    [
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbfrank,score,"),
        ("edl", "text/plain; charset=utf-8", "TITLE: 항구\nFCM: DROP FRAME\n\n001  INTERVIE ".encode()),
        ("otio", "application/x-otio+json", b'{"OTIO_SCHEMA":"Timeline.1",'),
        ("fcpxml", "application/xml", b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml version='),
    ],
)
def test_chosen_scenes_are_a_file_of_its_format(name: str, content_type: str, start: bytes) -> None:
    form = SELECTION_FORMATS[name]

    written = b"".join(form.write(SceneSelection("항구", [selected()]), EditOptions(FrameRate.named("29.97"))))

    assert form.content_type == content_type
    assert written.startswith(start)


def test_a_long_spreadsheet_comes_in_chunks() -> None:
    chunks = list(SELECTION_FORMATS["csv"].write(SceneSelection("harbour", [selected()] * 3000), EditOptions()))

    assert len(chunks) > 1
    assert b"".join(chunks).count(b"\r\n") == 3001


@pytest.mark.parametrize("form", SELECTION_SAMPLES, ids=lambda form: form.name)
def test_chosen_scenes_of_files_with_any_name_are_written(form: ExportFormat[SceneSelection]) -> None:
    content = SceneSelection("\udcff", [selected(file_name="\udcff\0.mp4")])

    assert b"".join(form.write(content, EditOptions())).decode()


@pytest.mark.parametrize("form", ASSET_SAMPLES, ids=lambda form: form.name)
def test_a_media_file_with_any_name_is_written(form: ExportFormat[AssetScenes]) -> None:
    content = asset(with_findings(plain_scene(), 7), file_name="\udcff\0.mp4")

    assert b"".join(form.write(content, EditOptions())).decode()


def test_requests_name_every_format() -> None:
    assert get_args(AssetFormatName) == tuple(ASSET_FORMATS)
    assert get_args(SelectionFormatName) == tuple(SELECTION_FORMATS)


def test_the_client_and_the_description_of_the_calls_have_every_format() -> None:
    assert tuple(client.ExportFormat) == ("json", *ASSET_FORMATS)
    assert tuple(client.SearchExportFormat) == tuple(SELECTION_FORMATS)
    assert tuple(client.FrameRate) == get_args(FrameRateName)
    assert tuple(ExportOperation.examples) == tuple(ASSET_FORMATS)
    assert tuple(SearchExportOperation.examples) == tuple(SELECTION_FORMATS)


def test_the_guides_name_every_format() -> None:
    analysis, search = ((HOW_TO / name).read_text(encoding="utf-8") for name in ("analyse-what.md", "search.md"))

    assert [name for name in ASSET_FORMATS if f"`{name}`" not in analysis] == []
    assert [name for name in SELECTION_FORMATS if f"`.{name}`" not in search] == []
