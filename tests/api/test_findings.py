"""Persons, keywords, texts, lines and sounds of an index, and the index as a file."""

from __future__ import annotations

import csv
import io
import json
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from index_samples import ENGINES, KEYWORDS, SCRIPT, with_findings
from scenedex.assets.records import AssetId
from scenedex.index.records import IndexedAppearance, IndexedPerson
from scenedex.index.service import publish
from signed_calls import code

if TYPE_CHECKING:
    from tests.conftest import Item, Service, Site

    from scenedex.index.records import IndexedScene, NewIndex


def put(item: Item, index: NewIndex) -> None:
    item.service.transact(lambda tx: publish(tx, index))


def published(item: Item, *scenes: IndexedScene, index_id: int | None = None) -> int:
    """Publish an index of these scenes and return its id."""
    number = item.request_analysis() if index_id is None else index_id
    put(item, replace(item.made_index(number), scenes=scenes, engines=ENGINES))
    return number


def scene_of(item: Item, number: int = 1) -> IndexedScene:
    return item.made_index(1, scenes=number).scenes[number - 1]


def new_person(item: Item, name: str | None = None) -> int:
    site = item.folder.site
    [(person_id,)] = item.service.rows(
        "INSERT INTO persons (workspace_id, name, created_user_name, updated_user_name)"
        " SELECT workspace_id, %s, 'alice', 'alice' FROM workspaces WHERE workspace_name = %s RETURNING person_id",
        name,
        site.name,
    )
    return person_id


def give_thumbnail(item: Item, person_id: int, *, is_primary: bool) -> str:
    folder = f"persons/{person_id}/{secrets.token_hex(4)}"
    item.service.rows(
        "WITH given AS (INSERT INTO person_thumbnails (person_id, folder, key) VALUES (%s, %s, %s) RETURNING *)"
        " UPDATE persons p SET primary_thumbnail_id = given.thumbnail_id"
        " FROM given WHERE p.person_id = given.person_id AND %s",
        person_id,
        folder,
        f"{folder}/face.jpg",
        is_primary,
    )
    item.put(f"{folder}/face.jpg", folder.encode())
    return folder


def scenes_of(item: Item, query: str = "") -> list[dict[str, Any]]:
    answer = item.call("GET", f"/index{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]["scenes"]


@pytest.fixture
def item(site: Site) -> Item:
    return site.base.imported("인터뷰 1.mp4")


@dataclass(frozen=True, slots=True)
class Found:
    item: Item
    index_id: int
    person_id: int


@pytest.fixture
def found(item: Item) -> Found:
    person_id = new_person(item)
    index_id = published(item, with_findings(scene_of(item), person_id), scene_of(item, 2))
    return Found(item, index_id, person_id)


def test_a_scene_has_the_shape_of_the_contract(found: Found) -> None:
    scene, empty = scenes_of(found.item)

    for name in ("keyframeUrl", "shots"):
        del scene[name], empty[name]
    assert empty == {
        "sceneId": 2,
        "startTimeMs": 1000,
        "endTimeMs": 2000,
        "persons": [],
        "keywords": [],
        "texts": [],
        "scripts": [],
        "audioEffects": [],
    }
    assert scene == {
        "sceneId": 1,
        "startTimeMs": 0,
        "endTimeMs": 1000,
        "persons": [
            {
                "personId": found.person_id,
                "appearances": [
                    {"startTimeMs": 0, "endTimeMs": 300, "confidence": 0.94},
                    {"startTimeMs": 500, "endTimeMs": 1000, "confidence": 0.81},
                ],
            }
        ],
        "keywords": [
            {
                "keyword": "harbour",
                "category": "TEXT",
                "confidence": 0.9,
                "appearances": [{"startTimeMs": 0, "endTimeMs": 400}, {"startTimeMs": 600, "endTimeMs": 700}],
            },
            {
                "keyword": "ship",
                "category": "OBJECT",
                "confidence": 0.7,
                "appearances": [{"startTimeMs": 0, "endTimeMs": 1000}],
            },
            {
                "keyword": "sea",
                "category": "SCENE",
                "confidence": 0.5,
                "appearances": [{"startTimeMs": 0, "endTimeMs": 1000}],
            },
        ],
        "texts": [
            {
                "text": "부산 BUSAN",
                "boundingBox": {"left": 0.1, "top": 0.8, "width": 0.25, "height": 0.0612},
                "confidence": 0.97,
                "startTimeMs": 100,
                "endTimeMs": 900,
            }
        ],
        "scripts": [
            {
                "scriptId": 1,
                "speaker": "Speaker 1",
                "text": "Good morning from the harbour.",
                "confidence": 0.88,
                "startTimeMs": 150,
                "endTimeMs": 950,
            }
        ],
        "audioEffects": [{"type": "APPLAUSE", "confidence": 0.77, "startTimeMs": 500, "endTimeMs": 990}],
    }


def test_the_setting_says_what_looked_and_what_was_not_analysed(found: Found) -> None:
    setting = found.item.call("GET", "/index").json()["result"]["analysisSetting"]

    assert setting["engines"] == [
        {"stage": "shots", "name": "scenedex-shots", "version": "1"},
        {"stage": "faces", "name": "dlib-resnet", "version": "1", "weights": "dlib-resnet-v1"},
        {"stage": "sounds", "notAnalysed": "No weights; get them with: scenedex weights pull ced-tiny"},
    ]


@pytest.mark.parametrize(("level", "shown"), [("LOW", 4), ("MEDIUM", 3), ("HIGH", 2)])
def test_the_confidence_level_decides_about_keywords_only(found: Found, level: str, shown: int) -> None:
    scene = scenes_of(found.item, f"?confidence_level={level}")[0]

    assert [keyword["keyword"] for keyword in scene["keywords"]] == [it.keyword for it in KEYWORDS[:shown]]
    assert [len(scene[kind]) for kind in ("persons", "texts", "scripts", "audioEffects")] == [1, 1, 1, 1]


def test_a_person_is_called_as_it_is_called_when_the_index_is_read(found: Found) -> None:
    found.item.service.rows("UPDATE persons SET name = 'Jane' WHERE person_id = %s", found.person_id)

    assert scenes_of(found.item)[0]["persons"][0]["name"] == "Jane"


def test_a_person_is_shown_with_its_primary_thumbnail(found: Found) -> None:
    give_thumbnail(found.item, found.person_id, is_primary=False)
    primary = give_thumbnail(found.item, found.person_id, is_primary=True)

    picture = found.item.service.client.get(scenes_of(found.item)[0]["persons"][0]["thumbnailUrl"])

    assert (picture.status_code, picture.content) == (200, primary.encode())


def test_a_person_who_is_gone_has_no_appearances(found: Found) -> None:
    found.item.service.rows("DELETE FROM persons WHERE person_id = %s", found.person_id)

    assert scenes_of(found.item)[0]["persons"] == []


def test_persons_come_as_they_appear(item: Item) -> None:
    later, sooner = new_person(item), new_person(item)
    scene = replace(
        scene_of(item),
        persons=(
            IndexedPerson(later, (IndexedAppearance(700, 900, 0.5), IndexedAppearance(200, 300, 0.5))),
            IndexedPerson(sooner, (IndexedAppearance(100, 150, 0.5),)),
        ),
    )
    published(item, scene)

    persons = scenes_of(item)[0]["persons"]

    assert [person["personId"] for person in persons] == [sooner, later]
    assert [seen["startTimeMs"] for seen in persons[1]["appearances"]] == [200, 700]


def test_vectors_are_stored_with_their_space_and_engine(found: Found) -> None:
    stored = found.item.service.rows(
        "SELECT scene_id, space, engine, embedding::text FROM scene_vectors WHERE index_id = %s ORDER BY space",
        found.index_id,
    )

    assert stored == [(1, "PICTURE", "mpeg7", "[0.25,-0.5,0.125]"), (1, "TEXT", "minilm", "[1,0]")]


def test_what_the_database_has_no_place_for_is_left_out(item: Item) -> None:
    published(item, replace(scene_of(item), scripts=(replace(SCRIPT, text="a\0b\ud800c\t\\N\n한"),)))

    assert scenes_of(item)[0]["scripts"][0]["text"] == "abc\t\\N\n한"


def test_the_next_index_leaves_nothing_of_the_former(found: Found) -> None:
    tables = ["appearances", "keywords", "texts", "scripts", "audio_effects", "scene_vectors"]
    published(found.item, scene_of(found.item), index_id=found.index_id + 1_000_000)

    counts = [
        found.item.service.rows(f"SELECT count(*) FROM {table} WHERE index_id = %s", found.index_id) for table in tables
    ]

    assert counts == [[(0,)]] * len(tables)


def test_reading_takes_the_same_number_of_statements_whatever_was_found(service: Service, found: Found) -> None:
    numbers: list[int] = []
    for scenes in (1, 30):
        number = found.index_id + scenes * 1_000_000
        many = [scene_of(found.item, scene) for scene in range(1, scenes + 1)]
        lines = [replace(scene, scripts=(replace(SCRIPT, script_id=scene.scene_id),)) for scene in many]
        published(found.item, *lines, index_id=number)
        service.statements.clear()
        scenes_of(found.item)
        numbers.append(len(service.statements))

    assert numbers[0] == numbers[1]


class TestExport:
    @pytest.mark.parametrize(
        ("form", "media_type", "start"),
        [
            ("srt", "application/x-subrip; charset=utf-8", b"1\n00:00:00,150 --> 00:00:01,650\nGood morning"),
            ("vtt", "text/vtt; charset=utf-8", b"WEBVTT\n\n00:00:00.150 --> 00:00:01.650\n<v Speaker 1>Good"),
            ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbfkind,sceneId,id,"),
            ("edl", "text/plain; charset=utf-8", "TITLE: 인터뷰 1\nFCM: NON-DROP FRAME\n\n001  1 ".encode()),
            ("otio", "application/x-otio+json", b'{"OTIO_SCHEMA":"Timeline.1",'),
            ("fcpxml", "application/xml", b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml'),
            ("json", "application/json", b'{"indexId":'),
        ],
    )
    def test_is_a_file_of_its_format(self, form: str, media_type: str, start: bytes, found: Found) -> None:
        answer = found.item.call("GET", f"/index/export?format={form}")

        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
        assert answer.content.startswith(start)
        assert answer.headers["content-disposition"] == (
            f"attachment; filename=\"___ 1.{form}\"; filename*=UTF-8''%EC%9D%B8%ED%84%B0%EB%B7%B0%201.{form}"
        )

    def test_as_json_is_the_index_itself(self, found: Found) -> None:
        whole = found.item.call("GET", "/index?confidence_level=LOW").json()["result"]

        exported = found.item.call("GET", "/index/export?format=json&confidence_level=LOW").json()

        # URLs of pictures end with their time.
        assert exported.keys() == whole.keys()
        assert [scene["keywords"] for scene in exported["scenes"]] == [scene["keywords"] for scene in whole["scenes"]]

    @pytest.mark.parametrize(("level", "shown"), [("LOW", 4), ("MEDIUM", 3), ("HIGH", 2)])
    def test_has_the_keywords_of_the_level(self, level: str, shown: int, found: Found) -> None:
        text = found.item.call("GET", f"/index/export?format=csv&confidence_level={level}").text

        rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
        assert len({row["text"] for row in rows if row["kind"] == "keyword"}) == shown

    @pytest.mark.parametrize(("rate", "end"), [("25", "00:00:01:00"), ("29.97", "00:00:01;00")])
    def test_counts_in_the_frame_rate_that_is_asked_for(self, rate: str, end: str, found: Found) -> None:
        text = found.item.call("GET", f"/index/export?format=edl&frameRate={rate}").text

        assert [line.split()[-1] for line in text.splitlines() if line.startswith("001")] == [end]

    def test_of_a_range_has_what_reaches_into_it(self, found: Found) -> None:
        said = found.item.call("GET", "/index/export?format=srt&startTimeMs=900&endTimeMs=1000").text
        unsaid = found.item.call("GET", "/index/export?format=srt&startTimeMs=960").text
        edit = found.item.call("GET", "/index/export?format=edl&startTimeMs=400&endTimeMs=600").text

        assert (said.count("-->"), unsaid.count("-->")) == (1, 0)
        event = next(line.split()[-4:] for line in edit.splitlines() if line.startswith("001"))
        assert event == ["00:00:00:10", "00:00:00:15", "00:00:00:00", "00:00:00:05"]

    def test_of_a_range_that_ends_before_it_starts_is_refused(self, found: Found) -> None:
        answer = found.item.call("GET", "/index/export?format=srt&startTimeMs=900&endTimeMs=900")

        assert answer.status_code == 400
        assert "endTimeMs" in answer.text

    def test_of_an_index_without_lines_has_none(self, item: Item) -> None:
        published(item, scene_of(item))

        assert item.call("GET", "/index/export?format=srt").content == b""
        assert item.call("GET", "/index/export?format=vtt").content == b"WEBVTT\n"

    def test_of_many_lines_is_whole(self, item: Item) -> None:
        lines = tuple(replace(SCRIPT, script_id=number, text="a" * 500) for number in range(1, 1001))
        published(item, replace(scene_of(item), scripts=lines))

        assert item.call("GET", "/index/export?format=srt").text.count("a") == 1000 * 500

    def test_of_an_image_is_one_cut_of_a_frame(self, item: Item) -> None:
        whole = scene_of(item)
        still = replace(whole, end_ms=0, shots=(replace(whole.shots[0], end_ms=0),))
        published(item, still)

        timeline = json.loads(item.call("GET", "/index/export?format=otio").content)

        assert len(timeline["tracks"]["children"][0]["children"]) == 1

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("confidence_level=LOW", "format"),
            ("format=", "format"),
            ("format=mov", "format"),
            ("format=SRT", "format"),
            ("format=srt&confidence_level=high", "confidence_level"),
            ("format=edl&frameRate=26", "frameRate"),
            ("format=edl&frameRate=0", "frameRate"),
            ("format=edl&handleFrames=3601", "handleFrames"),
            ("format=edl&handleFrames=1.5", "handleFrames"),
            ("format=edl&handleSeconds=61", "handleSeconds"),
            ("format=edl&handleSeconds=1&handleFrames=12", "handleFrames"),
        ],
    )
    def test_names_what_is_wrong_with_a_request(self, query: str, field: str, found: Found) -> None:
        answer = found.item.call("GET", f"/index/export?{query}")

        assert code(answer) == (400, "10001"), answer.text
        assert [entry["field"] for entry in answer.json()["responseError"]["details"]] == [field]

    def test_needs_a_completed_analysis(self, item: Item) -> None:
        item.request_analysis()

        assert code(item.call("GET", "/index/export?format=srt")) == (409, "40908")

    def test_needs_an_asset(self, item: Item) -> None:
        missing = replace(item, asset_id=AssetId(999_999_999))

        assert code(missing.call("GET", "/index/export?format=srt")) == (404, "40403")
