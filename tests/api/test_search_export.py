"""Export of the hits of a search."""

# The library that parses edits has no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import opentimelineio as otio
import pytest

from person_samples import met
from scenedex.auth.keys import Role
from search_samples import Archive, Content
from signed_calls import code, fields

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from tests.conftest import Service, Site

FORMATS = ["csv", "edl", "otio", "fcpxml"]


@pytest.fixture
def archive(site: Site) -> Archive:
    return Archive(site)


@pytest.fixture
def found(archive: Archive) -> str:
    """Return a search that has found two scenes of one film and one of another, best first."""
    jane = met(archive.site, "Jane")
    archive.film(Content(said=["grey ship"], persons=[jane]), Content(said=["weather"]), file_name="인터뷰 1.mp4")
    archive.film(Content(said=["grey ship ahoy"], shown=["SHIP NEWS"], keywords={"ship": 0.9}), file_name="=news.mp4")
    archive.film(Content(unsure=["grey"], said=["ship"]), file_name="fog.mp4")
    search_id = archive.requested("grey ship", queryOption={"confidenceLevel": "LOW"})
    archive.run(search_id)
    return search_id


def export(archive: Archive, search_id: str, query: str) -> httpx2.Response:
    return archive.site.api("GET", f"{archive.path}/{search_id}/export{query}")


def rows(answer: httpx2.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def clips(answer: httpx2.Response, adapter: str = "otio_json") -> list[Any]:
    assert answer.status_code == 200, answer.text
    timeline: Any = otio.adapters.read_from_string(answer.text, adapter)
    return list(timeline.tracks[0])


class TestFile:
    @pytest.mark.parametrize(
        ("form", "media_type", "start"),
        [
            ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbfrank,score,assetId,projectId,fileName,assetType,indexId,"),
            ("edl", "text/plain; charset=utf-8", b"TITLE: search-"),
            ("otio", "application/x-otio+json", b'{"OTIO_SCHEMA":"Timeline.1",'),
            ("fcpxml", "application/xml", b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml'),
        ],
    )
    def test_is_of_its_format_and_called_after_the_search(
        self, form: str, media_type: str, start: bytes, found: str, archive: Archive
    ) -> None:
        answer = export(archive, found, f"?format={form}")

        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
        assert answer.content.startswith(start)
        name = f"search-{found[:8]}.{form}"
        assert answer.headers["content-disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
        assert "x-ncp-trace-id" in answer.headers

    def test_of_a_spreadsheet_has_a_row_for_each_hit_as_the_pages_show_them(self, found: str, archive: Archive) -> None:
        hits = archive.get(found)["results"]

        table = rows(export(archive, found, "?format=csv"))

        assert len(hits) == 3
        assert [
            (int(row["rank"]), float(row["score"]), int(row["assetId"]), int(row["indexId"]), int(row["sceneId"]))
            for row in table
        ] == [(rank, hit["score"], hit["assetId"], hit["indexId"], hit["sceneId"]) for rank, hit in enumerate(hits, 1)]
        assert [(row["startTimeMs"], row["endTimeMs"], row["assetType"]) for row in table] == [
            (str(hit["startTimeMs"]), str(hit["endTimeMs"]), "VIDEO") for hit in hits
        ]

    def test_of_a_spreadsheet_has_what_answers(self, found: str, archive: Archive) -> None:
        table = {row["sceneId"] + row["fileName"]: row for row in rows(export(archive, found, "?format=csv"))}

        news = next(row for name, row in table.items() if name.endswith("news.mp4"))
        assert (news["texts"], news["keywords"], news["persons"]) == ("SHIP NEWS", "ship", "")
        assert news["dialogues"].endswith("grey ship ahoy")
        # A spreadsheet would evaluate this as a formula.
        assert not news["fileName"].startswith("=")

    @pytest.mark.parametrize(("form", "adapter"), [("otio", "otio_json"), ("edl", "cmx_3600")])
    def test_of_an_edit_has_a_clip_for_each_hit_in_their_order(
        self, form: str, adapter: str, found: str, archive: Archive
    ) -> None:
        edit = clips(export(archive, found, f"?format={form}"), adapter)

        assert len(edit) == 3
        if form == "otio":
            assert [clip.metadata["scenedex"]["assetId"] for clip in edit] == [
                hit["assetId"] for hit in archive.get(found)["results"]
            ]

    @pytest.mark.parametrize(("rate", "frames"), [("", 25), ("&frameRate=24", 24), ("&frameRate=60", 60)])
    def test_of_an_edit_counts_in_the_frame_rate_that_is_asked_for(
        self, rate: str, frames: int, found: str, archive: Archive
    ) -> None:
        edit = clips(export(archive, found, f"?format=otio{rate}&handleSeconds=0"))

        assert {(clip.source_range.duration.value, clip.source_range.duration.rate) for clip in edit} == {
            (frames, frames)
        }

    @pytest.mark.parametrize(
        ("handles", "seconds"),
        [
            ("", (0, 4)),
            ("&handleSeconds=0", (1, 2)),
            ("&handleSeconds=0.5", (0.5, 2.5)),
            ("&handleSeconds=60", (0, 7)),
            ("&handleFrames=5", (0.8, 2.2)),
        ],
    )
    def test_of_an_edit_is_cut_to_the_moments_with_handles(
        self, handles: str, seconds: tuple[float, float], archive: Archive
    ) -> None:
        archive.film(Content(), Content(said=["ship"]), *(Content(),) * 5)
        search_id = archive.requested("ship")
        archive.run(search_id)

        [clip] = clips(export(archive, search_id, f"?format=otio{handles}"))

        cut = clip.source_range
        found = cut.start_time.to_seconds(), cut.end_time_exclusive().to_seconds()
        assert found == pytest.approx(seconds, abs=0.03)

    def test_of_a_spreadsheet_has_the_moments_and_their_pages(self, found: str, archive: Archive) -> None:
        hits = archive.get(found)["results"]

        table = rows(export(archive, found, "?format=csv"))

        assert [
            (int(row["momentStartMs"]), int(row["momentEndMs"]), row["momentUrl"], row["matchKind"], row["matchText"])
            for row in table
        ] == [
            (
                *(hit["momentStartMs"], hit["momentEndMs"], hit["momentUrl"]),
                *(hit["matches"][0]["kind"], hit["matches"][0]["text"]),
            )
            for hit in hits
        ]

    @pytest.mark.parametrize("form", FORMATS)
    def test_of_a_search_that_found_nothing_is_empty(self, form: str, archive: Archive) -> None:
        search_id = archive.requested("ship")
        archive.run(search_id)

        answer = export(archive, search_id, f"?format={form}")

        assert answer.status_code == 200
        if form == "csv":
            assert rows(answer) == []
        if form == "otio":
            assert clips(answer) == []

    @pytest.mark.parametrize("form", FORMATS)
    def test_of_conditions_alone_has_no_scores(self, form: str, archive: Archive) -> None:
        archive.film(Content(said=["ship"]))
        search_id = archive.requested(query={"dialogQuery": {"must": ["ship"]}})
        archive.run(search_id)

        answer = export(archive, search_id, f"?format={form}")

        assert answer.status_code == 200
        if form == "csv":
            assert [row["score"] for row in rows(answer)] == [""]

    def test_has_all_hits_whatever_the_size_of_a_page(self, archive: Archive) -> None:
        archive.film(*(Content(said=["ship"]),) * 120)
        search_id = archive.requested("ship")
        archive.run(search_id)

        table = rows(export(archive, search_id, "?format=csv&pageNum=2&pageSize=10"))

        assert [int(row["sceneId"]) for row in table] == list(range(1, 121))

    def test_leaves_out_what_has_gone_since(self, archive: Archive) -> None:
        films = [archive.film(Content(said=["ship"])) for _ in range(2)]
        search_id = archive.requested("ship")
        archive.run(search_id)
        assert films[1].call("DELETE").status_code == 200

        assert [int(row["assetId"]) for row in rows(export(archive, search_id, "?format=csv"))] == [films[0].asset_id]

    def test_takes_the_same_number_of_statements_whatever_its_size(self, archive: Archive) -> None:
        numbers: list[int] = []
        for scenes in (1, 40):
            archive.film(*(Content(said=["ship"], shown=["ship"], keywords={"ship": 0.9}),) * scenes)
            search_id = archive.requested("ship")
            archive.run(search_id)
            archive.service.statements.clear()
            assert export(archive, search_id, "?format=csv").status_code == 200
            numbers.append(len(archive.service.statements))

        assert numbers[0] == numbers[1]


class TestRefusal:
    @pytest.mark.parametrize("form", FORMATS)
    def test_of_a_search_that_runs(self, form: str, archive: Archive) -> None:
        search_id = archive.requested("ship")

        assert code(export(archive, search_id, f"?format={form}")) == (409, "40917")

    def test_of_a_search_that_has_failed(self, archive: Archive) -> None:
        search_id = archive.requested("ship")
        archive.service.rows("UPDATE searches SET state = 'FAILED', message = 'x' WHERE search_id = %s", search_id)

        assert code(export(archive, search_id, "?format=csv")) == (409, "40917")

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("", "format"),
            ("?format=", "format"),
            ("?format=json", "format"),
            ("?format=srt", "format"),
            *((f"?format=edl&handleSeconds={odd}", "handleSeconds") for odd in ("-1", "60.5", "x", "nan", "inf", "")),
            ("?format=CSV", "format"),
            ("?format=%00", "format"),
            ("?format=edl&frameRate=26", "frameRate"),
            ("?format=edl&frameRate=", "frameRate"),
            ("?format=csv&frameRate=25.0", "frameRate"),
        ],
    )
    def test_of_a_format_or_rate_that_there_is_not(self, query: str, field: str, found: str, archive: Archive) -> None:
        answer = export(archive, found, query)

        assert (code(answer), fields(answer)) == ((400, "10001"), [field])

    @pytest.mark.parametrize("odd", ["x", "%00", "%ff", "a" * 5000, "Tq3f8ZkLw0aN5xYbR7Vd"])
    def test_of_a_search_that_there_is_not(self, odd: str, archive: Archive) -> None:
        assert code(export(archive, odd, "?format=csv")) == (404, "40413")

    def test_of_a_search_whose_time_is_over(self, found: str, archive: Archive) -> None:
        archive.service.rows("UPDATE searches SET expires_time = now() WHERE search_id = %s", found)

        assert code(export(archive, found, "?format=csv")) == (404, "40413")

    def test_of_a_search_of_another_workspace(
        self, found: str, service: Service, new_site: Callable[[Service], Site]
    ) -> None:
        other = Archive(new_site(service))

        assert code(export(other, found, "?format=csv")) == (404, "40413")

    def test_of_a_workspace_that_there_is_not(self, found: str, archive: Archive) -> None:
        target = f"/api/v1/workspaces/no-such-workspace/assets/search/{found}/export?format=csv"

        assert code(archive.site.api("GET", target)) == (404, "40401")

    def test_for_a_key_of_another_workspace(self, found: str, archive: Archive) -> None:
        limited = archive.service.api(Role.MANAGER, "some-other-workspace")

        assert code(limited("GET", f"{archive.path}/{found}/export?format=csv")) == (404, "40401")


def test_a_key_that_may_only_read_may_export(found: str, archive: Archive) -> None:
    for viewer in (archive.service.api(Role.VIEWER), archive.service.api(Role.VIEWER, archive.site.name)):
        answer = viewer("GET", f"{archive.path}/{found}/export?format=csv")
        assert len(rows(answer)) == 3
