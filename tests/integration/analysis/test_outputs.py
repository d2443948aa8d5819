"""Stored outputs of stages: made once, shared by assets with the same bytes, removed when unused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis_samples import claimed
from scenedex.analysis import output_queries, queries
from scenedex.analysis.outputs import StageOutputs
from scenedex.analysis.records import AnalysisClaim, NewOutput, StoredOutput

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

    from scenedex.db.database import Transaction


class Shelf:
    """The outputs of a site, as tests use them."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.folder = folder
        self.service = site.service
        self.outputs = StageOutputs(self.service.platform.database, self.service.platform.managed)

    def keep(
        self, claim: AnalysisClaim, address: str = "a", *, result: bytes = b"{}", is_transient: bool = False
    ) -> StoredOutput:
        path = self.folder / "picture.jpg"
        path.write_bytes(b"picture")
        made = NewOutput("visual", result, {"picture.jpg": path}, is_transient)
        return self.service.run(lambda: self.outputs.keep(claim, address, made))

    def find(self, claim: AnalysisClaim, address: str = "a") -> StoredOutput | None:
        return self.service.run(lambda: self.outputs.find(claim, address))

    def objects(self, stored: StoredOutput) -> list[bytes]:
        async def read() -> list[bytes]:
            managed = self.service.platform.managed
            return [await managed.get(one.key, max_bytes=100) async for one in managed.list(f"{stored.folder}/")]

        return self.service.run(read)

    def erased(self, stored: StoredOutput) -> bool:
        """Return whether the folder of an output is due for erasure."""

        async def look(tx: Transaction) -> bool:
            return await tx.value(
                "SELECT EXISTS (SELECT FROM erasures WHERE prefix = %s AND not_before <= now())", f"{stored.folder}/"
            )

        return self.service.transact(look)


@pytest.fixture
def shelf(site: Site, tmp_path: Path) -> Shelf:
    return Shelf(site, tmp_path)


def test_what_is_kept_is_found_with_its_files(site: Site, shelf: Shelf) -> None:
    claim = claimed(site.base.imported())

    stored = shelf.keep(claim, result=b'{"shots":[]}')

    assert shelf.find(claim) == stored
    assert stored.result == b'{"shots":[]}'
    assert shelf.objects(stored) == [b"picture"]
    assert not shelf.erased(stored)


def test_of_two_that_make_the_same_the_first_is_kept(site: Site, shelf: Shelf) -> None:
    first, second = claimed(site.base.imported()), claimed(site.base.imported())

    kept, other = shelf.keep(first, result=b"1"), shelf.keep(second, result=b"2")

    assert kept == other
    assert shelf.objects(kept) == [b"picture"]


def test_another_workspace_finds_nothing(site: Site, shelf: Shelf) -> None:
    claim = claimed(site.base.imported())
    shelf.keep(claim)

    async def of_another(tx: Transaction) -> StoredOutput | None:
        return await output_queries.find(tx, claim.workspace_id + 1_000_000, "a")

    assert shelf.service.transact(of_another) is None


def test_what_is_made_for_further_stages_is_seen_by_its_own_analysis_only(site: Site, shelf: Shelf) -> None:
    mine, other = claimed(site.base.imported()), claimed(site.base.imported())
    stored = shelf.keep(mine, is_transient=True)

    assert shelf.service.run(lambda: shelf.outputs.find_transient(mine, "a")) == stored
    assert shelf.service.run(lambda: shelf.outputs.find_transient(other, "a")) is None


def test_a_cancel_removes_what_the_analysis_made(site: Site, shelf: Shelf) -> None:
    item = site.base.imported()
    claim = claimed(item)
    stored = shelf.keep(claim)

    assert item.call("POST", "/index/cancel").status_code == 200

    assert shelf.find(claim) is None
    assert shelf.erased(stored)


def test_a_cancel_leaves_what_an_index_shows(site: Site, shelf: Shelf) -> None:
    first, second = site.base.imported(), site.base.imported()
    claim = claimed(first)
    stored = shelf.keep(claim)
    index_id = second.request_analysis()
    second.publish(index_id)
    shelf.service.transact(lambda tx: output_queries.use(tx, index_id, [stored.output_id]))

    assert first.call("POST", "/index/cancel").status_code == 200

    assert shelf.find(claim) == stored


def test_an_output_that_is_gone_cannot_be_shown(site: Site, shelf: Shelf) -> None:
    item = site.base.imported()
    claim = claimed(item)
    stored = shelf.keep(claim)
    item.publish(claim.index_id)
    shelf.service.transact(lambda tx: output_queries.delete_made_for(tx, claim.index_id))

    assert not shelf.service.transact(lambda tx: output_queries.use(tx, claim.index_id, [stored.output_id]))


def test_outputs_go_with_the_last_asset_of_their_content(site: Site, shelf: Shelf) -> None:
    first, second = site.base.imported(), site.base.imported()
    claim = claimed(first)
    stored = shelf.keep(claim)
    shelf.service.transact(lambda tx: queries.end(tx, claim, "ANALYZE_FAIL", "reason"))
    shelf.service.transact(lambda tx: queries.set_content_hash(tx, second.asset_id, "c0ffee"))

    assert first.call("DELETE").status_code == 200
    assert shelf.find(claim) == stored
    assert second.call("DELETE").status_code == 200
    assert shelf.find(claim) is None
    assert shelf.erased(stored)


def test_outputs_go_with_the_project_and_its_indexes(site: Site, shelf: Shelf) -> None:
    project = site.project()
    item = project.imported()
    claim = claimed(item)
    stored = shelf.keep(claim)
    item.publish(claim.index_id)
    shelf.service.transact(lambda tx: output_queries.use(tx, claim.index_id, [stored.output_id]))
    shelf.service.transact(lambda tx: queries.end(tx, claim, "ANALYZE_COMPLETED", None))

    assert site.api("DELETE", project.path).status_code == 200

    assert shelf.find(claim) is None
    assert shelf.erased(stored)


def test_deleting_an_index_removes_what_was_made_for_it(site: Site, shelf: Shelf) -> None:
    item = site.base.imported()
    claim = claimed(item)
    stored = shelf.keep(claim)
    item.publish(claim.index_id)
    shelf.service.transact(lambda tx: output_queries.use(tx, claim.index_id, [stored.output_id]))
    shelf.service.transact(lambda tx: queries.end(tx, claim, "ANALYZE_COMPLETED", None))

    assert item.call("DELETE", "/index").status_code == 200

    assert shelf.find(claim) is None
    assert shelf.erased(stored)


def test_transient_outputs_of_analyses_that_are_over_are_swept_up(site: Site, shelf: Shelf) -> None:
    item, running = site.base.imported(), site.base.imported()
    over, going = claimed(item), claimed(running)
    old, present = shelf.keep(over, is_transient=True), shelf.keep(going, is_transient=True)
    shelf.service.transact(lambda tx: queries.end(tx, over, "ANALYZE_FAIL", "reason"))

    shelf.service.transact(output_queries.delete_left_behind)

    assert shelf.erased(old)
    assert not shelf.erased(present)
