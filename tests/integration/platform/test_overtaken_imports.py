"""Imports whose worker is frozen and declared dead: it does no harm when it continues."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from scenedex.assets.import_job import ImportHandler
from scenedex.jobs.attempts import Attempts
from scenedex.jobs.readiness import AlwaysReady
from scenedex.storage.errors import ObjectNotFound
from scenedex.storage.local_store import LocalStore
from scenedex.worker import options

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

    from scenedex.jobs.runner import JobHandler
    from scenedex.storage.objects import ObjectInfo
    from scenedex.storage.store import ManagedStore
    from scenedex.wiring import Platform


class FrozenStore(LocalStore):
    """Store that blocks at the first look at an object until it is released."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.frozen, self.woken = asyncio.Event(), asyncio.Event()

    async def head(self, key: str) -> ObjectInfo:
        self.frozen.set()
        await self.woken.wait()
        return await super().head(key)


def importing(platform: Platform, managed: ManagedStore) -> JobHandler:
    media = platform.settings.media
    handler = ImportHandler(
        platform.database,
        platform.sources,
        managed,
        acceptance=options.acceptance(platform.settings.limits),
        child=options.child_limits(media, media.probe_seconds, media.memory_bytes, platform.metrics),
        open_buckets=True,
    )
    return Attempts(handler, platform.database, readiness=AlwaysReady(), max_attempts=5)


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (640, 360), (10, 120, 200)).save(target, "PNG")
    return target.getvalue()


def uploaded(site: Site, content: bytes) -> int:
    opened = site.api("POST", f"{site.base.path}/assets/uploads/presigned-url", {"assetFileName": "sky.png"})
    place = opened.json()["result"]
    assert site.service.client.put(place["presignedUploadUrl"], content=content).status_code == 200
    done = site.api("POST", f"{site.base.path}/assets/uploads/complete", {"assetKey": place["assetFileKey"]})
    return done.json()["result"]["assetId"]


async def overtaken(platform: Platform, asset_id: int, *, by_delete: bool = False) -> None:
    """Hold one try while another imports the asset, or while the asset is deleted. Then let the first continue."""
    managed = FrozenStore(platform.settings.data_dir / "managed")
    first = asyncio.create_task(importing(platform, managed).run(asset_id))
    await managed.frozen.wait()
    if by_delete:
        async with platform.database.transaction() as tx:
            await tx.run("DELETE FROM assets WHERE asset_id = %s", asset_id)
    else:
        await importing(platform, platform.managed).run(asset_id)
    managed.woken.set()
    await first


def test_uploaded_bytes_that_a_later_try_has_imported_stay(site: Site) -> None:
    service, content = site.service, picture()
    asset_id = uploaded(site, content)

    service.run(lambda: overtaken(service.platform, asset_id))

    [(status, key)] = service.rows("SELECT import_status, managed_key FROM assets WHERE asset_id = %s", asset_id)
    assert status == "COMPLETED"
    assert service.run(lambda: service.platform.managed.head(key)).size_bytes == len(content)


def test_uploaded_bytes_of_a_deleted_asset_go(site: Site) -> None:
    service = site.service
    asset_id = uploaded(site, picture())

    service.run(lambda: overtaken(service.platform, asset_id, by_delete=True))

    with pytest.raises(ObjectNotFound):
        service.run(lambda: service.platform.managed.head(f"assets/{asset_id}/source"))
