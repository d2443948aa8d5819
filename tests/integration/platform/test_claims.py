"""Claims of imports and analyses: of two workers on the same one, only the later may write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from analysis_samples import claim_analysis
from scenedex.analysis import queries as analyses
from scenedex.assets import queries as imports
from scenedex.assets.records import ImportStatus, MediaFacts

if TYPE_CHECKING:
    from tests.conftest import Item, Site

    from scenedex.assets.records import ImportClaim
    from scenedex.db.database import Transaction

FACTS = MediaFacts("webm", 640, 360, 10_000, 1_000)
OTHERS = MediaFacts("mov", 1920, 1080, 20_000, 2_000)


def claimed_import(item: Item) -> ImportClaim:
    claim = item.service.transact(lambda tx: imports.claim_import(tx, item.asset_id))
    assert claim is not None
    return claim


def import_status(item: Item) -> dict[str, Any]:
    return item.call("GET", "/import-status").json()["result"]


def complete(item: Item, claim: ImportClaim, facts: MediaFacts = FACTS) -> bool:
    return item.service.transact(lambda tx: imports.complete_import(tx, claim, facts, "assets/1/source-1", "etag"))


def refuse(item: Item, claim: ImportClaim) -> bool:
    ending = (ImportStatus.INVALID_METADATA, "Unsupported video length (up to 6 hours)", "The file has 7 hours.")
    return item.service.transact(lambda tx: imports.end_import(tx, claim, *ending))


class TestImport:
    @pytest.fixture
    def item(self, site: Site) -> Item:
        return site.base.register()

    def test_each_claim_is_another_attempt(self, item: Item) -> None:
        assert [claimed_import(item).attempt for _ in range(3)] == [1, 2, 3]

    def test_a_try_that_is_given_back_does_not_count(self, item: Item) -> None:
        claim = claimed_import(item)
        item.service.transact(lambda tx: imports.release_import(tx, claim))

        assert claimed_import(item).tries == 1

    def test_only_the_present_try_can_be_given_back(self, item: Item) -> None:
        former = claimed_import(item)
        claimed_import(item)
        item.service.transact(lambda tx: imports.release_import(tx, former))

        assert claimed_import(item).tries == 3

    def test_the_end_of_a_later_try_counts(self, item: Item) -> None:
        former, later = claimed_import(item), claimed_import(item)

        assert (complete(item, former, OTHERS), complete(item, later)) == (False, True)
        assert import_status(item)["metaData"]["format"] == "webm"

    def test_a_refusal_by_an_earlier_try_counts_nothing(self, item: Item) -> None:
        former, later = claimed_import(item), claimed_import(item)

        assert (refuse(item, former), complete(item, later)) == (False, True)
        assert import_status(item)["uploadStatus"] == "COMPLETED"

    def test_an_earlier_try_learns_from_its_progress_that_it_is_over(self, item: Item) -> None:
        former = claimed_import(item)
        claimed_import(item)

        assert item.service.transact(lambda tx: imports.set_import_percent(tx, former, 50)) is False
        assert import_status(item)["progressPercent"] == 0

    def test_progress_never_goes_back(self, item: Item) -> None:
        claim = claimed_import(item)
        for percent in (50, 40):
            item.service.transact(lambda tx, percent=percent: imports.set_import_percent(tx, claim, percent))

        assert import_status(item)["progressPercent"] == 50

    def test_an_import_ends_once(self, item: Item) -> None:
        claim = claimed_import(item)

        assert (complete(item, claim), refuse(item, claim), complete(item, claim, OTHERS)) == (True, False, False)

    def test_an_import_that_is_over_is_claimed_no_more(self, item: Item) -> None:
        complete(item, claimed_import(item))

        assert item.service.transact(lambda tx: imports.claim_import(tx, item.asset_id)) is None

    def test_an_import_of_a_deleted_asset_counts_nothing(self, item: Item) -> None:
        claim = claimed_import(item)
        item.call("DELETE")

        assert complete(item, claim) is False

    def test_a_refusal_is_explained(self, item: Item) -> None:
        refuse(item, claimed_import(item))

        status = import_status(item)
        assert (status["uploadStatus"], status["uploadResult"], status["uploadReason"]) == (
            "INVALID_METADATA",
            "Unsupported video length (up to 6 hours)",
            "The file has 7 hours.",
        )
        assert "metaData" not in status

    def test_a_refused_asset_cannot_be_analysed(self, item: Item) -> None:
        refuse(item, claimed_import(item))

        assert item.call("POST", "/index", {"analysisPersonCount": 0}).json()["code"] == "10014"


class TestAnalysis:
    @pytest.fixture
    def item(self, site: Site) -> Item:
        return site.base.imported()

    @pytest.fixture
    def index_id(self, item: Item) -> int:
        return item.request_analysis()

    def test_a_claim_says_what_to_do(self, item: Item, index_id: int) -> None:
        claim = claim_analysis(item.service, index_id)

        assert (claim.asset_id, claim.user_name, claim.format, claim.options["analysisPersonCount"]) == (
            item.asset_id,
            "alice",
            "mp4",
            0,
        )

    def test_the_end_of_a_later_try_counts(self, item: Item, index_id: int) -> None:
        former, later = claim_analysis(item.service, index_id), claim_analysis(item.service, index_id)

        async def end_both(tx: Transaction) -> list[bool]:
            return [
                await analyses.end(tx, former, "ANALYZE_FAIL", "broke off"),
                await analyses.end(tx, later, "ANALYZE_COMPLETED", None),
            ]

        assert item.service.transact(end_both) == [False, True]
        assert item.call("GET", "/index/status").json()["result"]["status"] == "ANALYZE_COMPLETED"

    def test_an_earlier_try_learns_from_its_progress_that_it_is_over(self, item: Item, index_id: int) -> None:
        former = claim_analysis(item.service, index_id)
        claim_analysis(item.service, index_id)

        assert item.service.transact(lambda tx: analyses.note_progress(tx, former, "shots", 10)) is False

    def test_a_running_try_learns_that_it_was_cancelled(self, item: Item, index_id: int) -> None:
        claim = claim_analysis(item.service, index_id)
        item.call("POST", "/index/cancel")

        assert item.service.transact(lambda tx: analyses.note_progress(tx, claim, "shots", 10)) is False
        assert item.service.transact(lambda tx: analyses.end(tx, claim, "ANALYZE_COMPLETED", None)) is False

    def test_a_cancelled_analysis_is_claimed_no_more(self, item: Item, index_id: int) -> None:
        item.call("POST", "/index/cancel")

        assert item.service.transact(lambda tx: analyses.claim(tx, index_id)) is None

    def test_a_try_that_is_put_back_waits_and_does_not_count(self, item: Item, index_id: int) -> None:
        claim = claim_analysis(item.service, index_id)

        assert item.service.transact(lambda tx: analyses.release(tx, claim))
        assert item.call("GET", "/index/status").json()["result"]["status"] == "WAIT_ANALYZE"
        assert claim_analysis(item.service, index_id).tries == 1

    def test_a_cancelled_try_cannot_be_put_back(self, item: Item, index_id: int) -> None:
        claim = claim_analysis(item.service, index_id)
        item.call("POST", "/index/cancel")

        assert item.service.transact(lambda tx: analyses.release(tx, claim)) is False
        assert item.call("GET", "/index/status").json()["result"]["status"] == "ANALYZE_CANCEL"

    def test_a_replaced_analysis_is_claimed_no_more(self, item: Item, index_id: int) -> None:
        item.call("POST", "/index/cancel")
        item.request_analysis()

        assert item.service.transact(lambda tx: analyses.claim(tx, index_id)) is None
