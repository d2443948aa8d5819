"""The index that is served before, during and after an analysis, and its deletion."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from analysis_samples import claim_analysis, end, status_of
from scenedex.index.service import publish
from signed_calls import code, fields

if TYPE_CHECKING:
    from tests.conftest import Item, Site

    from scenedex.db.database import Transaction


@pytest.fixture
def item(site: Site) -> Item:
    return site.base.imported()


def test_there_is_no_index_before_an_analysis_has_completed(item: Item) -> None:
    item.request_analysis()

    assert code(item.call("GET", "/index")) == (409, "40908")


def test_the_index_has_the_shape_of_the_contract(item: Item) -> None:
    index_id = item.request_analysis()
    item.publish(index_id)

    index = item.call("GET", "/index").json()["result"]

    assert (index["indexId"], index["type"], index["createdUserName"]) == (index_id, "VIDEO", "alice")
    assert index["analysisSetting"]["engines"] == [{"stage": "shots", "name": "scenedex-shots", "version": "1"}]
    scene = index["scenes"][1]
    assert (scene["sceneId"], scene["startTimeMs"], scene["endTimeMs"]) == (2, 1000, 2000)
    assert scene["shots"][0].keys() == {"shotId", "startTimeMs", "endTimeMs", "keyframeUrl"}


def test_scenes_tile_the_asset_and_shots_their_scene(item: Item) -> None:
    item.publish(item.request_analysis(), scenes=5)

    scenes = item.call("GET", "/index").json()["result"]["scenes"]

    assert scenes[0]["startTimeMs"] == 0
    assert all(left["endTimeMs"] == right["startTimeMs"] for left, right in itertools.pairwise(scenes))
    assert [(s["startTimeMs"], s["endTimeMs"]) for s in scenes] == [
        (s["shots"][0]["startTimeMs"], s["shots"][-1]["endTimeMs"]) for s in scenes
    ]


def test_keyframes_are_read_without_a_key(item: Item) -> None:
    item.publish(item.request_analysis())
    scene = item.call("GET", "/index").json()["result"]["scenes"][0]

    picture = item.service.client.get(scene["keyframeUrl"])

    assert (picture.status_code, picture.content, picture.headers["content-type"]) == (200, b"bytes", "image/jpeg")


@pytest.mark.parametrize("level", ["LOW", "MEDIUM", "HIGH"])
def test_the_index_takes_a_confidence_level(level: str, item: Item) -> None:
    item.publish(item.request_analysis())

    assert item.call("GET", f"/index?confidence_level={level}").status_code == 200


@pytest.mark.parametrize("level", ["", "low", "HIGHEST", "1"])
def test_the_index_takes_no_other_confidence_level(level: str, item: Item) -> None:
    item.publish(item.request_analysis())

    refused = item.call("GET", f"/index?confidence_level={level}")

    assert (code(refused), fields(refused)) == ((400, "10001"), ["confidence_level"])


class TestFormerIndex:
    @pytest.fixture
    def indexed(self, item: Item) -> tuple[Item, int]:
        index_id = item.request_analysis()
        claimed = claim_analysis(item.service, index_id)
        item.publish(index_id)
        end(item.service, claimed, "ANALYZE_COMPLETED")
        return item, index_id

    def test_is_served_while_another_analysis_waits(self, indexed: tuple[Item, int]) -> None:
        item, former = indexed
        item.request_analysis()

        assert item.call("GET", "/index").json()["result"]["indexId"] == former

    def test_is_served_while_another_analysis_runs(self, indexed: tuple[Item, int]) -> None:
        item, former = indexed
        claim_analysis(item.service, item.request_analysis())

        assert item.call("GET", "/index").json()["result"]["indexId"] == former

    def test_stays_when_another_analysis_fails(self, indexed: tuple[Item, int]) -> None:
        item, former = indexed
        end(item.service, claim_analysis(item.service, item.request_analysis()), "ANALYZE_FAIL")

        assert item.call("GET", "/index").json()["result"]["indexId"] == former

    def test_stays_when_another_analysis_is_cancelled(self, indexed: tuple[Item, int]) -> None:
        item, former = indexed
        item.request_analysis()
        item.call("POST", "/index/cancel")

        assert item.call("GET", "/index").json()["result"]["indexId"] == former

    def test_is_replaced_by_the_next_one(self, indexed: tuple[Item, int]) -> None:
        item, _former = indexed
        following = item.request_analysis()
        item.publish(following, scenes=3)

        index = item.call("GET", "/index").json()["result"]

        assert (index["indexId"], len(index["scenes"])) == (following, 3)

    def test_is_served_until_the_next_one_is_complete(self, indexed: tuple[Item, int]) -> None:
        item, former = indexed
        following = item.request_analysis()

        async def publish_and_look(tx: Transaction) -> None:
            await publish(tx, item.made_index(following))
            rows = item.service.rows("SELECT index_id FROM indexes WHERE asset_id = %s", item.asset_id)
            assert rows == [(former,)]

        item.service.transact(publish_and_look)


def test_an_index_is_not_deleted_while_another_is_made(item: Item) -> None:
    item.publish(item.request_analysis())

    assert code(item.call("DELETE", "/index")) == (409, "40906")


def test_a_deleted_index_leaves_the_asset_as_before_its_first_analysis(item: Item) -> None:
    index_id = item.request_analysis()
    claimed = claim_analysis(item.service, index_id)
    item.publish(index_id)
    end(item.service, claimed, "ANALYZE_COMPLETED")

    gone = item.call("DELETE", "/index")

    assert gone.json() == {"code": "0", "message": "success"}
    assert status_of(item)["status"] == "BEFORE_ANALYZE"
    assert code(item.call("GET", "/index")) == (409, "40908")


def test_there_is_nothing_to_delete_without_an_index(item: Item) -> None:
    assert code(item.call("DELETE", "/index")) == (404, "40405")
