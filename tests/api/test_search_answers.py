"""States of a search, and the pages of its hits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from person_samples import met
from scenedex.jobs.errors import GivenUp, NotReady
from search_samples import Archive, Content, lines, persons
from signed_calls import code, fields, result

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Service, Site


@pytest.fixture
def archive(site: Site) -> Archive:
    return Archive(site)


@pytest.fixture
def other(service: Service, new_site: Callable[[Service], Site]) -> Site:
    """Another workspace."""
    return new_site(service)


class Unreadable(Mapping[str, float]):
    """Minimum scores whose reading raises an error, as the database may in the midst of a search."""

    def __init__(self, error: type[Exception]) -> None:
        self._error = error

    def __getitem__(self, _level: str) -> float:
        raise self._error

    def __iter__(self) -> Iterator[str]:
        raise self._error

    def __len__(self) -> int:
        return 1


def without_url(hit: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer without its URLs, which differ from answer to answer."""
    return {name: value for name, value in hit.items() if name != "keyframeUrl"}


class TestSearch:
    def test_an_id_has_twenty_letters_and_digits(self, archive: Archive) -> None:
        ids = {archive.requested("ship") for _ in range(5)}

        assert len(ids) == 5
        assert all(len(one) == 20 and one.isascii() and one.isalnum() for one in ids)

    def test_a_running_search_has_no_hits(self, archive: Archive) -> None:
        archive.film(Content(said=["ship"]))
        search_id = archive.requested("ship")

        assert archive.get(search_id, "?pageNum=3&pageSize=7") == {"searchId": search_id, "status": "RUNNING"}

    def test_a_completed_search_has_a_page_of_hits(self, archive: Archive) -> None:
        film = archive.film(Content(said=["ship"]))
        search_id = archive.requested("ship")
        archive.run(search_id)

        found = archive.get(search_id)

        [hit] = found.pop("results")
        assert found == {
            "searchId": search_id,
            "status": "COMPLETED",
            "totalCount": 1,
            "totalPage": 1,
            "pageNo": 1,
            "pageSize": 50,
        }
        assert hit.keys() == {
            *("assetId", "projectId", "fileName", "assetType", "indexId", "sceneId", "startTimeMs", "endTimeMs"),
            *("score", "keyframeUrl", "momentStartMs", "momentEndMs", "momentUrl", "matches", "places"),
        }
        assert (hit["assetId"], hit["projectId"], hit["sceneId"]) == (film.asset_id, archive.site.base_project, 1)

    def test_a_search_without_hits_has_no_pages(self, archive: Archive) -> None:
        found = archive.search("ship")

        assert {name: found[name] for name in ("totalCount", "totalPage", "pageNo", "pageSize", "results")} == {
            "totalCount": 0,
            "totalPage": 0,
            "pageNo": 1,
            "pageSize": 50,
            "results": [],
        }

    def test_a_search_whose_job_keeps_failing_ends_with_a_reason(self, archive: Archive) -> None:
        search_id = archive.requested("ship")
        handler = archive.handler(min_scores=Unreadable(ZeroDivisionError))
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                archive.run(search_id, handler)
            assert archive.get(search_id)["status"] == "RUNNING"
        with pytest.raises(GivenUp):
            archive.run(search_id, handler)

        assert archive.get(search_id) == {
            "searchId": search_id,
            "status": "FAILED",
            "statusMessage": "Given up after 3 tries: ZeroDivisionError.",
        }

    def test_a_search_that_takes_too_long_ends_with_advice(self, archive: Archive) -> None:
        search_id = archive.requested("ship")
        archive.run(search_id, archive.handler(min_scores=Unreadable(psycopg.errors.QueryCanceled)))

        assert archive.get(search_id) == {
            "searchId": search_id,
            "status": "FAILED",
            "statusMessage": "The search took longer than 60 s. Narrow the filter.",
        }

    def test_interruptions_by_the_database_do_not_count_as_attempts(self, archive: Archive) -> None:
        film = archive.film(Content(said=["ship"]))

        search_id = archive.requested("ship")
        for _ in range(4):
            with pytest.raises(NotReady):
                archive.run(search_id, archive.handler(min_scores=Unreadable(psycopg.errors.AdminShutdown)))
        archive.run(search_id)

        assert [hit["assetId"] for hit in archive.get(search_id)["results"]] == [film.asset_id]

    def test_a_search_whose_picture_was_deleted_ends_with_the_field(self, archive: Archive) -> None:
        service = archive.service
        [(key,)] = service.rows(
            "INSERT INTO pictures (picture_key, user_name, purpose, file_name, state, expires_time)"
            " VALUES (gen_random_uuid()::text, 'alice', 'QUERY_IMAGE', 'a.jpg', 'COMPLETED', now() + interval '1 day')"
            " RETURNING picture_key"
        )
        search_id = archive.requested(query={"imageQuery": key})
        service.rows("UPDATE pictures SET expires_time = now() WHERE picture_key = %s", key)

        archive.run(search_id)

        found = archive.get(search_id)
        assert found["status"] == "FAILED"
        assert found["statusMessage"].startswith("query.imageQuery must be the key of a query picture")

    def test_an_ended_search_does_not_run_again(self, archive: Archive) -> None:
        archive.film(Content(said=["ship"]))
        search_id = archive.requested("ship")
        archive.run(search_id)
        before = archive.get(search_id)
        archive.film(Content(said=["ship"]))

        archive.run(search_id)

        after = archive.get(search_id)
        assert [without_url(hit) for hit in after["results"]] == [without_url(hit) for hit in before["results"]]

    @pytest.mark.parametrize(
        "odd",
        [
            *("x", "%00", "a%00b", "%ff%fe", "..", "%2e%2e", "a" * 5000, "%F0%9F%98%80", "%ED%A0%80", "%25", "'", "+"),
            *("Tq3f8ZkLw0aN5xYbR7Vd", "%20", "-1", "null"),
        ],
    )
    def test_an_unknown_search_is_not_found(self, odd: str, archive: Archive) -> None:
        assert code(archive.site.api("GET", f"{archive.path}/{odd}")) == (404, "40413")

    @pytest.mark.parametrize("form", ["x{}", "{}x", "{}.", "%20{}", "{}%20", "{}%00"])
    def test_an_id_is_case_sensitive_and_exact(self, form: str, archive: Archive) -> None:
        search_id = archive.requested("ship")

        for odd in (form.format(search_id), search_id.swapcase()):
            answer = archive.site.api("GET", f"{archive.path}/{odd}")
            assert code(answer) == (404, "40413") or odd == search_id

    def test_a_search_of_another_workspace_is_not_found(self, archive: Archive, other: Site) -> None:
        search_id = archive.requested("ship")

        assert code(other.api("GET", f"{other.path}/assets/search/{search_id}")) == (404, "40413")
        assert code(other.api("GET", f"{other.path}/scene-search/{search_id}")) == (404, "40413")

    def test_a_search_of_another_user_is_shown_to_all_who_may_see_the_workspace(self, archive: Archive) -> None:
        search_id = archive.requested("ship")

        shown = archive.service.api(user="bob")("GET", f"{archive.path}/{search_id}")

        assert result(shown)["searchId"] == search_id

    def test_an_expired_search_is_not_found(self, archive: Archive) -> None:
        search_id = archive.requested("ship")
        archive.run(search_id)
        archive.service.rows(
            "UPDATE searches SET expires_time = now() - interval '1 second' WHERE search_id = %s", search_id
        )

        assert code(archive.site.api("GET", f"{archive.path}/{search_id}")) == (404, "40413")

    def test_a_search_is_deleted_with_its_workspace(self, archive: Archive) -> None:
        archive.film(Content(said=["ship"]))
        done, waiting = archive.requested("ship"), archive.requested("ship")
        archive.run(done)
        [(number,)] = archive.service.rows("SELECT search_number FROM searches WHERE search_id = %s", waiting)
        [(workspace,)] = archive.service.rows(
            "SELECT workspace_id FROM workspaces WHERE workspace_name = %s", archive.site.name
        )

        assert archive.site.api("DELETE", archive.site.path).status_code == 200

        assert archive.service.rows("SELECT FROM searches WHERE search_id IN (%s, %s)", done, waiting) == []
        assert archive.service.rows("SELECT FROM search_terms WHERE term LIKE %s", f"{workspace}:%") == []
        assert archive.service.run(lambda: archive.handler().run(number)) is None
        assert code(archive.site.api("GET", f"{archive.path}/{done}")) == (404, "40401")


class TestPage:
    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("pageNum=0", "pageNum"),
            ("pageNum=-1", "pageNum"),
            ("pageNum=", "pageNum"),
            ("pageNum=one", "pageNum"),
            (f"pageNum={2**31 + 1}", "pageNum"),
            ("pageSize=0", "pageSize"),
            ("pageSize=101", "pageSize"),
            ("pageSize=1.5", "pageSize"),
            ("pageSize=", "pageSize"),
        ],
    )
    @pytest.mark.parametrize("path", ["assets/search", "scene-search"])
    def test_an_invalid_page_is_refused(self, path: str, query: str, field: str, archive: Archive) -> None:
        search_id = archive.requested("ship")

        answer = archive.site.api("GET", f"{archive.site.path}/{path}/{search_id}?{query}")

        assert (code(answer), fields(answer)) == ((400, "10001"), [field])

    @pytest.mark.parametrize("query", ["?pageNum=2147483648", "?pageSize=100", "?pageNum=2147483648&pageSize=100"])
    def test_the_maximum_page_is_accepted(self, query: str, archive: Archive) -> None:
        archive.film(Content(said=["ship"]))
        search_id = archive.requested("ship")
        archive.run(search_id)

        assert archive.get(search_id, query)["totalCount"] == 1


def test_getting_hits_takes_the_same_number_of_statements_for_any_number_of_hits(archive: Archive) -> None:
    people = [met(archive.site) for _ in range(3)]
    for _ in range(3):
        archive.film(*(Content(said=["ship"], shown=["ship"], keywords={"ship": 0.9}, persons=people),) * 20)
    search_id = archive.requested("ship", query=persons(must=people))
    archive.run(search_id)
    numbers: list[int] = []
    for size in (1, 20, 60, 100):
        archive.service.statements.clear()
        assert len(archive.get(search_id, f"?pageSize={size}")["results"]) == min(size, 60)
        numbers.append(len(archive.service.statements))

    assert numbers == [10] * 4


def test_requesting_takes_the_same_number_of_statements_for_any_number_of_ids(archive: Archive) -> None:
    people = [met(archive.site) for _ in range(100)]
    films = [archive.film(Content()).asset_id for _ in range(10)]
    projects = [archive.site.base_project, *(archive.site.project(f"p{number}").project_id for number in range(9))]
    numbers: list[int] = []
    for number in (1, 10, 100):
        archive.service.statements.clear()
        archive.requested(
            "ship",
            query=persons(must=people[:number], any=people[:number], **{"not": people[:number]}),
            filter={"projectIds": projects[:number], "assetIds": films[:number]},
        )
        numbers.append(len(archive.service.statements))

    assert numbers[0] == numbers[1] == numbers[2]


@pytest.fixture(scope="module")
def module_archive(module_site: Site) -> Archive:
    archive = Archive(module_site)
    archive.film(
        Content(
            said=["Good morning, it's 'the' harbour: & ! ( ) \\ <-> *", "한국 방송"],
            persons=[met(module_site, "O'Brien")],
        )
    )
    return archive


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters=";|`\x7f", min_codepoint=32), max_size=80)
)
def test_every_text_can_be_searched(text: str, module_archive: Archive) -> None:
    for query in ({"textQuery": text}, {"textQuery": f'"{text}" {text}'}, lines(any=[text], **{"not": [text]})):
        answer = module_archive.ask(query=query)
        if answer.status_code == 200:
            search_id = answer.json()["result"]["searchId"]
            module_archive.run(search_id)
            assert module_archive.get(search_id)["status"] == "COMPLETED"
        else:
            assert code(answer) == (400, "10001")
