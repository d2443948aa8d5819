"""Projects: names, the base project, limits, and what is deleted with a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.settings import LimitSettings, Settings
from signed_calls import code

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Service, Serving, Site

FORBIDDEN = [";", "|", "`", *map(chr, range(32)), "\x7f"]
GOOD_NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=";|`"), min_size=1, max_size=100
).filter(lambda name: any(character.isprintable() and not character.isspace() for character in name))


def test_a_new_workspace_has_a_base_project(site: Site) -> None:
    answer = site.api("GET", f"{site.path}/projects").json()

    assert [project["isBaseProject"] for project in answer["result"]["projects"]] == [True]


def test_lists_all_projects_with_their_number_in_both_places(site: Site) -> None:
    names = ["first", "second", "third"]
    for name in names:
        site.project(name)

    answer = site.api("GET", f"{site.path}/projects").json()

    assert [project["name"] for project in answer["result"]["projects"][1:]] == names
    assert (answer["result"]["totalCount"], answer["totalCount"]) == (4, 4)


def test_a_project_is_read_as_it_was_created(site: Site) -> None:
    made = site.api("POST", f"{site.path}/projects", {"name": "a"}).json()["result"]

    assert site.api("GET", f"{site.path}/projects/{made['projectId']}").json()["result"] == made


@settings(max_examples=30, deadline=None)
@given(name=GOOD_NAMES)
def test_a_project_can_have_any_allowed_name(name: str, module_site: Site) -> None:
    made = module_site.api("POST", f"{module_site.path}/projects", {"name": name})

    assert made.status_code == 409 or made.json()["result"]["name"] == name


@pytest.mark.parametrize("name", ["\u200b", "\u00a0\u2003", "\ufeff"])
def test_a_name_of_invisible_characters_is_blank(name: str, site: Site) -> None:
    assert code(site.api("POST", f"{site.path}/projects", {"name": name})) == (400, "10001")


@settings(max_examples=30, deadline=None)
@given(before=st.text("ab ", max_size=5), character=st.sampled_from(FORBIDDEN), after=st.text("ab ", max_size=5))
def test_a_name_with_a_forbidden_character_is_refused(
    before: str, character: str, after: str, module_site: Site
) -> None:
    site = module_site
    refused = site.api("POST", f"{site.path}/projects", {"name": before + character + after})

    assert code(refused) == (400, "10001")


@pytest.mark.parametrize("name", ["", " ", "\t", "\u3000", "a" * 101, "😀" * 101])
def test_a_name_that_is_blank_or_too_long_is_refused(name: str, site: Site) -> None:
    answer = site.api("POST", f"{site.path}/projects", {"name": name})

    assert code(answer) == (400, "10001")
    assert answer.json()["responseError"]["details"][0]["field"] == "name"


@pytest.mark.parametrize("name", ["a", "a" * 100, "😀" * 100, "한국어 프로젝트", "a/b", "../..", "' OR 1=1 --"])
def test_a_name_within_bounds_is_accepted(name: str, site: Site) -> None:
    assert site.api("POST", f"{site.path}/projects", {"name": name}).json()["result"]["name"] == name


def test_a_taken_name_is_refused(site: Site) -> None:
    site.project("a")

    assert code(site.api("POST", f"{site.path}/projects", {"name": "a"})) == (409, "40904")


def test_two_workspaces_can_have_projects_of_one_name(
    service: Service, site: Site, new_site: Callable[[Service], Site]
) -> None:
    site.project("a")

    assert new_site(service).project("a").project_id


def test_of_twenty_creations_of_one_name_one_succeeds(site: Site) -> None:
    answers = site.api.at_once(*[("POST", f"{site.path}/projects", {"name": "a"})] * 20)

    assert sorted(map(code, answers)) == [(200, "0"), *[(409, "40904")] * 19]


def test_a_project_over_the_limit_is_refused(serving: Serving, new_site: Callable[[Service], Site]) -> None:
    with serving(Settings(limits=LimitSettings(max_projects=3))) as service:
        site = new_site(service)
        made = [code(site.api("POST", f"{site.path}/projects", {"name": str(number)})) for number in range(3)]

    assert made == [(200, "0"), (200, "0"), (400, "40003")]


def test_concurrent_creations_keep_to_the_limit(serving: Serving, new_site: Callable[[Service], Site]) -> None:
    with serving(Settings(limits=LimitSettings(max_projects=4))) as service:
        site = new_site(service)
        calls = [("POST", f"{site.path}/projects", {"name": str(number)}) for number in range(10)]
        answers = site.api.at_once(*calls)

    assert [answer.status_code for answer in answers].count(200) == 3


def test_a_project_is_renamed(site: Site) -> None:
    project = site.project("a")

    renamed = site.api("PATCH", project.path, {"name": "b"}).json()["result"]

    assert (renamed["projectId"], renamed["name"]) == (project.project_id, "b")
    assert renamed["updatedTime"] > renamed["createdTime"]


def test_a_rename_records_the_user(site: Site) -> None:
    project = site.project("a")
    bob = site.service.api(user="bob")

    renamed = bob("PATCH", project.path, {"name": "b"}).json()["result"]

    assert (renamed["createdUserName"], renamed["updatedUserName"]) == ("alice", "bob")


def test_a_project_can_be_renamed_to_its_own_name(site: Site) -> None:
    assert site.api("PATCH", site.project("a").path, {"name": "a"}).status_code == 200


def test_a_rename_to_a_taken_name_is_refused(site: Site) -> None:
    site.project("a")

    assert code(site.api("PATCH", site.project("b").path, {"name": "a"})) == (409, "40904")


def test_of_two_projects_renamed_to_one_name_one_succeeds(site: Site) -> None:
    projects = [site.project("a"), site.project("b")]

    answers = site.api.at_once(*[("PATCH", project.path, {"name": "c"}) for project in projects])

    assert sorted(map(code, answers)) == [(200, "0"), (409, "40904")]


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"name": "b"}), ("DELETE", None)])
def test_the_base_project_cannot_be_changed(method: str, body: object, site: Site) -> None:
    answer = site.api(method, site.base.path, body)

    assert code(answer) == (400, "10027")


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"name": "b"}), ("DELETE", None)])
def test_a_project_of_another_workspace_is_not_found(
    method: str, body: object, service: Service, site: Site, new_site: Callable[[Service], Site]
) -> None:
    foreign = new_site(service).project("a")

    assert code(site.api(method, f"{site.path}/projects/{foreign.project_id}", body)) == (404, "40402")


def test_deleting_a_project_answers_without_a_result(site: Site) -> None:
    assert site.api("DELETE", site.project("a").path).json() == {"code": "0", "message": "success"}


def test_assets_and_indexes_are_deleted_with_their_project(site: Site) -> None:
    item = site.project("a").imported()
    item.publish(item.request_analysis())
    item.call("POST", "/index/cancel")

    site.api("DELETE", item.folder.path)

    assert (
        site.service.rows("SELECT 1 FROM assets FULL JOIN indexes USING (asset_id) WHERE asset_id = %s", item.asset_id)
        == []
    )


def test_a_project_with_a_running_analysis_cannot_be_deleted(site: Site) -> None:
    item = site.project("a").imported()
    item.request_analysis()

    assert code(site.api("DELETE", item.folder.path)) == (409, "40905")
    assert item.call("GET").status_code == 200


def test_a_project_with_a_running_import_can_be_deleted(site: Site) -> None:
    item = site.project("a").register()

    assert code(site.api("DELETE", item.folder.path)) == (200, "0")
