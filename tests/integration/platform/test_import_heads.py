"""First bytes of a file, which are looked at before all of it is copied or moved."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, NoReturn

import pytest

from scenedex.assets.import_job import ImportHandler
from scenedex.assets.records import upload_object
from scenedex.jobs.attempts import Attempts
from scenedex.jobs.readiness import AlwaysReady
from scenedex.storage.errors import ObjectNotFound
from scenedex.storage.local_store import LocalStore
from scenedex.worker import options

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tests.conftest import Site

_SIZE = 9 * 1000**3
_REASON = "The file is none of MP4, MKV, MOV, WebM, JPG, PNG and HEIC."


class UntouchedStore(LocalStore):
    """Store to which nothing is copied or moved."""

    async def import_from(self, *_arguments: object, **_options: object) -> NoReturn:
        pytest.fail("the whole file was copied")

    async def move(self, from_key: str, to_key: str) -> NoReturn:
        pytest.fail(f"{from_key} was moved to {to_key}")


@pytest.fixture
def bucket(site: Site) -> Generator[Path]:
    folder = site.service.platform.settings.data_dir / "buckets" / "my-storage-bucket"
    folder.mkdir(parents=True, exist_ok=True)
    yield folder
    shutil.rmtree(folder)


def run_import(site: Site, asset_id: int) -> tuple[str, str]:
    """Import an asset into a store that nothing may reach. Return its status and the reason."""
    platform = site.service.platform
    handler = ImportHandler(
        platform.database,
        platform.sources,
        UntouchedStore(platform.settings.data_dir / "managed"),
        acceptance=options.acceptance(platform.settings.limits),
        child=options.inspected_limits(platform.settings),
        open_buckets=True,
    )
    attempts = Attempts(handler, platform.database, readiness=AlwaysReady(), max_attempts=1)
    site.service.run(lambda: attempts.run(asset_id))
    [(status, reason)] = site.service.rows(
        "SELECT import_status, import_reason FROM assets WHERE asset_id = %s", asset_id
    )
    return status, reason


def test_a_large_file_of_zeros_is_refused_without_a_copy(site: Site, bucket: Path) -> None:
    with (bucket / "zeros.mp4").open("wb") as file:
        file.truncate(_SIZE)

    assert run_import(site, site.base.register("zeros.mp4").asset_id) == ("INVALID_METADATA", _REASON)


def test_an_upload_of_another_kind_is_refused_where_it_lies_and_removed(site: Site) -> None:
    opened = site.api("POST", f"{site.base.path}/assets/uploads/presigned-url", {"assetFileName": "sky.png"})
    place = opened.json()["result"]
    assert site.service.client.put(place["presignedUploadUrl"], content=bytes(5000)).status_code == 200
    done = site.api("POST", f"{site.base.path}/assets/uploads/complete", {"assetKey": place["assetFileKey"]})

    assert run_import(site, done.json()["result"]["assetId"]) == ("INVALID_METADATA", _REASON)
    with pytest.raises(ObjectNotFound):
        site.service.run(lambda: site.service.platform.managed.head(upload_object(place["assetFileKey"])))
