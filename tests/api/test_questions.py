"""Questions about scenes: answers with citations, refusals, and what remains of an answer whose sources are deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from person_samples import met
from question_samples import Desk
from scenedex.engines.answers.quoted import QuotedAnswerer
from search_samples import Archive, Content
from signed_calls import code, fields

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import LiteralString

    from tests.conftest import Service, Site

    from scenedex.engines.answers import Answer, EvidencePassage
    from scenedex.engines.summaries import SummaryLocale

FERRY = "The ferry to Busan leaves at seven in the morning."
WEATHER = "The weather stays dry until the weekend."
ASKED = "When does the ferry to Busan leave?"


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk(Archive(site))


def test_an_answer_quotes_the_line_that_answers_and_cites_its_moment(desk: Desk) -> None:
    item = desk.archive.film(Content(said=[WEATHER]), Content(said=[FERRY]), file_name="harbour.mp4")

    found = desk.ask(ASKED)

    assert found["enough"]
    assert found["answer"] == f"In “harbour.mp4” at 0:01: “{FERRY}”"
    assert found["sentences"] == [{"text": found["answer"], "citations": [1]}]
    [citation] = found["citations"]
    assert (citation["kind"], citation["text"], citation["speaker"]) == ("heard", FERRY, "Speaker 1")
    assert (citation["assetId"], citation["sceneId"], citation["fileName"]) == (item.asset_id, 2, "harbour.mp4")
    assert (citation["momentStartMs"], citation["momentEndMs"]) == (1000, 2000)
    assert citation["momentUrl"].endswith(f"/assets/{item.asset_id}?t=1")
    assert citation["keyframeUrl"].startswith("http")
    assert (found["engine"], found["question"], found["locale"]) == ("quoted 1", ASKED, "en-US")
    assert "model" not in found
    assert found["lookedAt"]["assetCount"] == 1


def test_a_question_that_nothing_answers_is_refused_with_what_was_looked_at(desk: Desk) -> None:
    desk.archive.film(Content(said=[FERRY]))

    found = desk.ask("Who is the captain of the ferry to Busan?")

    assert not found["enough"]
    assert found["reason"] == "NOT_ANSWERED"
    assert "answer" not in found
    assert (found["sentences"], found["citations"]) == ([], [])
    assert found["lookedAt"]["analysedAssetCount"] == 1
    assert found["lookedAt"]["passageCount"] > 0


def test_nothing_is_found_where_nothing_is_about_the_question(desk: Desk) -> None:
    desk.archive.film(Content(said=[WEATHER]))

    assert desk.ask("How old is the volcano?")["reason"] in {"NOTHING_FOUND", "NOT_ANSWERED"}


def test_nothing_is_analysed_in_an_empty_project(desk: Desk) -> None:
    found = desk.ask(ASKED)

    assert (found["enough"], found["reason"]) == (False, "NOTHING_ANALYSED")
    assert found["lookedAt"] == {"assetCount": 0, "analysedAssetCount": 0, "sceneCount": 0, "passageCount": 0}


@pytest.mark.parametrize(
    ("said", "question", "locale", "start"),
    [
        pytest.param(
            "부산행 배는 아침 일곱 시에 떠납니다.", "부산행 배는 언제 떠납니까?", "ko-KR", "“film.mp4” 0:00", id="ko"
        ),
        pytest.param(
            "釜山行きの船は午前七時に出発します。",
            "釜山行きの船はいつ出発しますか",
            "ja-JP",
            "『film.mp4』0:00",
            id="ja",
        ),
        pytest.param("去釜山的船早上七点出发。", "去釜山的船什么时候出发", "zh-CN", "《film.mp4》0:00", id="zh"),
    ],
)
def test_the_language_of_an_answer_is_that_of_the_question(
    desk: Desk, said: str, question: str, locale: str, start: str
) -> None:
    desk.archive.film(Content(said=[said]))

    found = desk.ask(question)

    assert (found["locale"], found["enough"]) == (locale, True)
    assert found["answer"].startswith(start)
    assert said in found["answer"]


def test_the_locale_of_the_request_wins(desk: Desk) -> None:
    desk.archive.film(Content(said=[FERRY]))

    assert desk.ask(ASKED, locale="zh-TW")["answer"] == f"《film.mp4》0:00：「{FERRY}」"  # noqa: RUF001  # Chinese marks


def test_text_on_screen_is_cited_as_read(desk: Desk) -> None:
    desk.archive.film(Content(shown=["Ferry to Busan departs 07:00"]))

    [citation] = desk.ask("When does the ferry to Busan depart?")["citations"]

    assert citation["kind"] == "read"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"question": ""}, "question", id="empty"),
        pytest.param({"question": " ?! "}, "question", id="without a letter"),
        pytest.param({"question": "a" * 501}, "question", id="long"),
        pytest.param({"question": "a\nb"}, "question", id="line break"),
        pytest.param({"question": 7}, "question", id="number"),
        pytest.param({"locale": "fr-FR"}, "locale", id="unknown locale"),
        pytest.param({"filter": {}}, "filter", id="no filter"),
        pytest.param({"filter": {"projectIds": [1] * 1001}}, "filter.projectIds", id="1001 projects"),
    ],
)
def test_an_invalid_question_is_refused(desk: Desk, body: dict[str, Any], field: str) -> None:
    answer = desk.site.api("POST", desk.path, {**desk.request(ASKED), **body})

    assert (code(answer), fields(answer)) == ((400, "10001"), [field])


def test_a_question_about_an_unknown_project_or_asset_is_refused(desk: Desk) -> None:
    assert code(desk.post(ASKED, filter={"projectIds": [10**9]})) == (404, "40402")
    assert code(desk.post(ASKED, filter={"assetIds": [10**9]})) == (404, "40403")


def test_a_question_belongs_to_its_workspace(desk: Desk, service: Service, new_site: Callable[[Service], Site]) -> None:
    ask_id = desk.requested(ASKED)
    other = new_site(service)

    assert code(other.api("GET", f"{other.path}/ask/{ask_id}")) == (404, "40423")
    assert code(desk.site.api("GET", f"{desk.path}/none")) == (404, "40423")
    assert desk.get(ask_id)["status"] == "RUNNING"


class TestDeletedSources:
    """Answers whose assets, indexes or persons were deleted."""

    def test_an_answer_loses_the_sentences_of_a_deleted_asset(self, desk: Desk) -> None:
        gone = desk.archive.film(Content(said=[FERRY]), file_name="one.mp4")
        desk.archive.film(Content(said=["The ferry to Busan leaves at eight on Sunday."]), file_name="two.mp4")
        ask_id = desk.requested(ASKED)
        desk.run(ask_id)
        assert len(desk.get(ask_id)["sentences"]) == 2

        assert desk.site.api("DELETE", gone.path).status_code == 200

        found = desk.get(ask_id)
        assert found["enough"]
        assert "one.mp4" not in str(found)
        assert "seven" not in str(found)
        assert [one["fileName"] for one in found["citations"]] == ["two.mp4"]

    def test_nothing_of_a_deleted_asset_is_stored(self, desk: Desk) -> None:
        gone = desk.archive.film(Content(said=[FERRY]))
        ask_id = desk.requested(ASKED)
        desk.run(ask_id)

        assert desk.site.api("DELETE", gone.path).status_code == 200

        found = desk.get(ask_id)
        assert (found["enough"], found["reason"]) == (False, "SOURCES_DELETED")
        number = desk.number(ask_id)
        rows = desk.site.service.rows
        assert rows("SELECT FROM answer_sentences WHERE question_number = %s", number) == []
        assert rows("SELECT FROM answer_citations WHERE question_number = %s", number) == []

    def test_the_erasure_of_a_person_deletes_what_is_cited_of_their_scenes(self, desk: Desk) -> None:
        item = desk.site.base.imported("film.mp4")
        person = met(desk.site, "Kim Minsu")
        desk.archive.publish(item, Content(said=[FERRY], persons=[person]))
        ask_id = desk.requested(ASKED)
        desk.run(ask_id)
        assert desk.get(ask_id)["enough"]

        assert desk.site.api("DELETE", f"{desk.site.path}/persons/{person}?erase=true").status_code == 200

        assert desk.get(ask_id)["reason"] == "SOURCES_DELETED"

    def test_a_scene_that_is_deleted_meanwhile_is_not_cited(self, desk: Desk) -> None:
        item = desk.archive.film(Content(said=[FERRY]))
        ask_id = desk.requested(ASKED)

        desk.run(
            ask_id, desk.handler(DeletingAnswerer(desk, "DELETE FROM assets WHERE asset_id = %(one)s", item.asset_id))
        )

        assert desk.get(ask_id)["reason"] == "SOURCES_DELETED"

    def test_a_person_who_is_erased_meanwhile_is_not_cited(self, desk: Desk) -> None:
        person = met(desk.site, "Kim Minsu")
        desk.archive.film(Content(said=[FERRY], persons=[person]))
        ask_id = desk.requested(ASKED)

        desk.run(ask_id, desk.handler(DeletingAnswerer(desk, "DELETE FROM persons WHERE person_id = %(one)s", person)))

        assert desk.get(ask_id)["reason"] == "SOURCES_DELETED"


class DeletingAnswerer(QuotedAnswerer):
    """Deletes a row before it answers."""

    def __init__(self, desk: Desk, statement: LiteralString, one: int) -> None:
        super().__init__()
        self._desk = desk
        self._statement: LiteralString = statement
        self._one = one

    async def answer(self, question: str, passages: Sequence[EvidencePassage], locale: SummaryLocale) -> Answer:
        async with self._desk.site.service.platform.database.transaction() as tx:
            await tx.run(self._statement, one=self._one)
        return await super().answer(question, passages, locale)
