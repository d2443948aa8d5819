"""Another version of an object becomes the same asset, once it is there, and its analysis follows."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from bulk_imports import bucket_folder, put_files, request_bulk_import, run_bulk_import
from scenedex.engines.registry import EngineRegistry
from scenedex.jobs import JobKind
from scenedex.jobs.readiness import AlwaysReady
from scenedex.storage.errors import ObjectNotFound
from scenedex.worker import options, sweep
from scenedex.worker.handlers import KINDS, WorkerParts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

KEY = "sky.png"
PERSONS = {"analysisPersonCount": 0, "audioTracks": [3]}


def picture(width: int) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, 400), (10, 120, 200)).save(target, "PNG")
    return target.getvalue()


class Desk:
    """A bucket with one picture, its asset, and the worker's side of its imports."""

    def __init__(self, site: Site, files: Path) -> None:
        self.site, self.files = site, files
        platform = site.service.platform
        registry = EngineRegistry.installed()
        search = options.scene_search_options(platform.settings, registry)
        parts = WorkerParts(platform, AlwaysReady(), registry, search)
        self.handler = KINDS[JobKind.IMPORT].make_handler(parts)
        self.eraser = KINDS[JobKind.ERASURE].make_handler(parts)

    def arrive(self, content: bytes, **wanted: object) -> None:
        """Write the object, register it by a bulk import, and run its import if one is due."""
        put_files(self.files, KEY, data=content)
        made = request_bulk_import(self.site.base, self.files.name, **wanted)
        run_bulk_import(self.site.service, made["importId"])

    def import_it(self) -> None:
        asset_id = self.row("asset_id")
        self.site.service.run(lambda: self.handler.run(asset_id))

    def row(self, columns: str) -> Any:
        (found,) = self.site.service.rows(f"SELECT {columns} FROM assets WHERE project_id = %s", self.site.base_project)
        values = list(found)
        return found if len(values) > 1 else values[0]

    def analysis(self) -> tuple[int, str, dict[str, Any]]:
        (found,) = self.site.service.rows(
            "SELECT index_id, status, options FROM analyses WHERE asset_id = %s", self.row("asset_id")
        )
        return found


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk(site, bucket_folder(site.service, f"versions-{site.name}"))


def test_an_analysis_is_requested_as_its_asset_arrives(desk: Desk) -> None:
    desk.arrive(picture(600), analysis=PERSONS)
    desk.import_it()

    _, status, wanted = desk.analysis()

    # The picture has no third sound track.
    assert (status, wanted["analysisPersonCount"], "audioTracks" in wanted) == ("WAIT_ANALYZE", 0, False)
    events = desk.site.service.rows(
        "SELECT event FROM audit_events WHERE workspace_name = %s ORDER BY event_id", desk.site.name
    )
    assert [name for (name,) in events][-2:] == [
        "Handle Video Asset Import Success",
        "Handle Video Asset Analysis On Arrival",
    ]


def test_the_former_version_is_served_until_the_other_is_imported(desk: Desk) -> None:
    desk.arrive(picture(600), analysis={"analysisPersonCount": 2})
    desk.import_it()
    asset_id, former_copy = desk.row("asset_id, managed_key")
    former_analysis = desk.analysis()

    desk.arrive(picture(700))
    meanwhile = desk.row("asset_id, import_status, width, managed_key")
    desk.import_it()

    assert meanwhile == (asset_id, "IN_PROGRESS", 600, former_copy)
    identity, status, width, copy = desk.row("asset_id, import_status, width, managed_key")
    assert (identity, status, width, copy != former_copy) == (asset_id, "COMPLETED", 700, True)
    again = desk.analysis()
    assert (again[0] > former_analysis[0], again[1], again[2]) == (True, "WAIT_ANALYZE", former_analysis[2])
    platform = desk.site.service.platform
    desk.site.service.run(lambda: sweep(platform))
    desk.site.service.run(lambda: desk.eraser.run(0))
    assert desk.site.service.run(lambda: platform.managed.read(copy, 0, 4)) == b"\x89PNG"
    with pytest.raises(ObjectNotFound):
        desk.site.service.run(lambda: platform.managed.head(former_copy))


def test_a_refused_version_leaves_the_asset_as_it_was(desk: Desk) -> None:
    desk.arrive(picture(600))
    desk.import_it()
    former = desk.row("width, managed_key, source_etag")

    desk.arrive(b"no picture")
    desk.import_it()

    assert desk.row("width, managed_key, source_etag") == former
    status, reason = desk.row("import_status, import_reason")
    assert status == "COMPLETED"
    assert reason.startswith("The asset is a former version of its object. The latest was not imported: ")
    made = request_bulk_import(desk.site.base, desk.files.name)
    run_bulk_import(desk.site.service, made["importId"])
    assert desk.row("import_status") == "COMPLETED"


def test_a_cancelled_import_of_a_version_leaves_the_asset_as_it_was(desk: Desk) -> None:
    desk.arrive(picture(600))
    desk.import_it()
    desk.arrive(picture(700))

    answer = desk.site.api("POST", f"{desk.site.path}/jobs/import:{desk.row('asset_id')}/cancel")

    assert answer.status_code == 200, answer.text
    assert desk.row("import_status, width") == ("COMPLETED", 600)


def test_the_storage_of_a_workspace_counts_the_present_version(desk: Desk) -> None:
    first, second = picture(600), picture(900)
    desk.arrive(first)
    desk.import_it()
    desk.arrive(second)
    desk.import_it()

    changes = desk.site.service.rows(
        "SELECT bytes FROM storage_changes JOIN workspaces USING (workspace_id) WHERE workspace_name = %s",
        desk.site.name,
    )

    assert sum(one for (one,) in changes) == len(second)
