"""Consistent system, with functions that inspect and change it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from scenedex.analysis import queries
from scenedex.analysis.outputs import StageOutputs
from scenedex.analysis.records import NewOutput
from scenedex.analysis.stages.face_tracks import FaceTrack
from scenedex.analysis.stages.faces import FacesResult
from scenedex.analysis.stages.moments import Span
from scenedex.assets.erasure import ErasureHandler
from scenedex.reconciliation import ownership
from scenedex.reconciliation.reconciler import Installation, Reconciler
from scenedex.reconciliation.records import FindingKind, ReconcileOptions, Report
from scenedex.timeline import Timecode, TimeRange
from scenedex.worker import sweep

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Item, Service, Site

    from scenedex.analysis.records import StoredOutput

THUMBNAIL = f"persons/1/{'a' * 32}"
PICTURE = "b" * 32
FILM = b"bytes of a film"


@dataclass(frozen=True)
class System:
    """Marked storage, an asset with a copy, an index, an output of a stage, a person with a thumbnail, a picture."""

    site: Site
    item: Item
    index_id: int
    output: StoredOutput

    @property
    def service(self) -> Service:
        return self.site.service

    @property
    def copy(self) -> str:
        return f"assets/{self.item.asset_id}/source-1"

    @property
    def keyframe(self) -> str:
        return f"assets/{self.item.asset_id}/index-{self.index_id}/1.jpg"

    @property
    def data_dir(self) -> Path:
        return self.service.platform.settings.data_dir

    def reconcile(self, *, repair: bool = False, deep: bool = False, age: timedelta = timedelta(seconds=-5)) -> Report:
        """Return the report of a reconciliation. By default it includes recent writes, despite clock differences."""
        platform = self.service.platform
        around = Installation(
            platform.database,
            platform.queue,
            platform.managed,
            work=self.data_dir / "work",
            stalled_after_seconds=30,
            sweep=lambda: sweep(platform),
        )
        options = ReconcileOptions(repair=repair, has_objects=True, is_deep=deep, cutoff=datetime.now(UTC) - age)
        return self.service.run(Reconciler(around, options).run)

    def found(
        self, *, repair: bool = False, deep: bool = False, age: timedelta = timedelta(seconds=-5)
    ) -> dict[FindingKind, int]:
        """Return the number of findings of each kind that occurs."""
        report = self.reconcile(repair=repair, deep=deep, age=age)
        return {kind: tally.found for kind, tally in report.tallies.items() if tally.found}

    def delete(self, key: str) -> None:
        self.service.run(lambda: self.service.platform.managed.delete(key))

    def listed(self) -> set[str]:
        async def keys() -> set[str]:
            return {item.key async for item in self.service.platform.managed.list()}

        return self.service.run(keys)

    def erase(self) -> None:
        platform = self.service.platform
        self.service.run(lambda: ErasureHandler(platform.database, platform.managed).run(0))

    def stray_vector(self) -> None:
        """Insert a vector without a scene, which the constraints of the database do not allow."""
        rule = "CONSTRAINT scene_vectors_index_id_scene_id_fkey"
        self.service.rows(f"ALTER TABLE scene_vectors DROP {rule}")
        self.service.rows(
            "INSERT INTO scene_vectors (index_id, scene_id, workspace_id, space, engine, embedding)"
            " VALUES (%s, 99, 1, 'TEXT', 'e', '[1]')",
            self.index_id,
        )
        scenes = "FOREIGN KEY (index_id, scene_id) REFERENCES scenes ON DELETE CASCADE"
        self.service.rows(f"ALTER TABLE scene_vectors ADD {rule} {scenes} NOT VALID")


def whole_system(service: Service, new_site: Callable[[Service], Site], folder: Path) -> System:
    for table in ("workspaces", "pictures", "stage_outputs", "procrastinate_jobs", "erasures", "search_terms"):
        service.rows(f"DELETE FROM {table}")
    service.rows("DELETE FROM erasures")
    service.run(lambda: empty(service))
    service.run(lambda: ownership.adopt(service.platform.database, service.platform.managed))
    shutil.rmtree(service.platform.settings.data_dir / "work", ignore_errors=True)
    site = new_site(service)
    item = site.base.imported()
    service.rows("UPDATE assets SET size_bytes = %s WHERE asset_id = %s", len(FILM), item.asset_id)
    item.put(f"assets/{item.asset_id}/source-1", FILM)
    index_id = item.request_analysis()
    service.transact(lambda tx: queries.set_content_hash(tx, item.asset_id, "c0ffee"))
    output = kept_output(service, index_id, folder)
    item.publish(index_id)
    service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED'")
    service.rows(
        "WITH made AS (INSERT INTO persons (workspace_id, created_user_name, updated_user_name)"
        " SELECT workspace_id, 'alice', 'alice' FROM workspaces RETURNING person_id)"
        " INSERT INTO person_thumbnails (person_id, folder, key) SELECT person_id, %s, %s FROM made",
        THUMBNAIL,
        f"{THUMBNAIL}/face.jpg",
    )
    item.put(f"{THUMBNAIL}/face.jpg")
    service.rows(
        "INSERT INTO pictures (picture_key, user_name, purpose, file_name, state, object_key, expires_time)"
        " VALUES (%s, 'alice', 'QUERY_IMAGE', 'a.jpg', 'COMPLETED', %s, now() + interval '1 day')",
        PICTURE,
        f"pictures/{PICTURE}/1/picture.jpg",
    )
    item.put(f"pictures/{PICTURE}/1/picture.jpg")
    service.rows("DELETE FROM procrastinate_jobs")
    return System(site, item, index_id, output)


def kept_output(service: Service, index_id: int, folder: Path) -> StoredOutput:
    claim = service.transact(lambda tx: queries.claim(tx, index_id))
    assert claim is not None
    face = folder / "face.jpg"
    face.write_bytes(b"face")
    span = Span.of(TimeRange(Timecode.from_ms(0), Timecode.from_ms(1000)))
    track = FaceTrack(span, 0, 1.0, (), (), 1.0, is_presentable=True, prominence=1.0, crop="face.jpg")
    result = msgspec.json.encode(FacesResult((track,), 1, 0.5))
    outputs = StageOutputs(service.platform.database, service.platform.managed)
    return service.run(lambda: outputs.keep(claim, "a", NewOutput("faces", result, {"face.jpg": face})))


async def empty(service: Service) -> None:
    managed = service.platform.managed
    for key in [item.key async for item in managed.list()]:
        await managed.delete(key)
