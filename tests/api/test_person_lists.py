"""Lists and searches of persons: conditions, orders and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from person_samples import create, found, listed, merged, met, put_on, search, seen, tag
from signed_calls import code, fields, result

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Service, Site


def test_persons_are_listed_by_id(site: Site) -> None:
    persons = [met(site, name) for name in ("c", "a", None, "b")]

    assert listed(site) == persons


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("an", ["Jane", "JOANNA", "100% Jan_e"]),
        ("JAN", ["Jane", "100% Jan_e"]),
        ("0%", ["100% Jan_e"]),
        ("n_", ["100% Jan_e"]),
        ("%%", []),
        ("\\\\", ["back\\\\slash"]),
        ("홍길", ["홍길동"]),
        ("éC", ["École"]),
        ("zz", []),
    ],
)
def test_a_part_of_the_name_finds_a_person(name: str, expected: list[str], site: Site) -> None:
    names = {met(site, one): one for one in ("Jane", "JOANNA", "Bob", "100% Jan_e", "back\\\\slash", "홍길동", "École")}
    met(site)

    assert [names[one] for one in found(site, name=name, sortColumn="PERSON_ID", sortType="ASC")] == expected
    quoted = "".join(f"%{byte:02X}" for byte in name.encode())
    assert [names[one] for one in listed(site, f"&name={quoted}")] == expected


def test_persons_are_found_by_any_of_their_tags(site: Site) -> None:
    one, two, three, four = (met(site) for _ in range(4))
    reporters, editors = tag(site, "reporters"), tag(site, "editors")
    put_on(site, one, reporters, editors)
    put_on(site, two, editors)
    put_on(site, three, reporters)
    merged(site, three, four)

    assert listed(site, f"&tagIdList={reporters}") == [one, four]
    assert listed(site, f"&tagIdList={reporters},{editors},0") == [one, two, four]
    assert found(site, tagIds=[editors], sortColumn="PERSON_ID", sortType="ASC") == [one, two]
    assert found(site, tagIds=[0, 2**63]) == []


def test_conditions_of_a_search_are_met_together(site: Site) -> None:
    persons = [met(site, name) for name in ("Jane", "Janet", None, "Bob")]
    reporters = tag(site, "reporters")
    for one in persons[1:]:
        put_on(site, one, reporters)

    assert found(site, name="jan", tagIds=[reporters]) == [persons[1]]
    assert found(site, personIds=[*persons[:2], 0, 2**63 + 5], name="jane", sortType="ASC") == persons[:2]
    assert found(site, nameType="ANONYMOUS", tagIds=[reporters]) == [persons[2]]
    assert set(found(site, nameType="NAMED")) == {persons[0], persons[1], persons[3]}


@pytest.mark.parametrize(
    ("column", "ascending"),
    [("ASSET_COUNT", [0, 1, 3, 4, 2]), ("CREATED_AT", [0, 1, 2, 3, 4]), ("PERSON_ID", [0, 1, 2, 3, 4])],
)
def test_persons_are_sorted(column: str, ascending: list[int], site: Site) -> None:
    persons = [met(site) for _ in range(5)]
    seen(site.base.imported("1.mp4"), persons[2], persons[3], persons[4])
    seen(site.base.imported("2.mp4"), persons[2])

    expected = [persons[one] for one in ascending]
    assert found(site, sortColumn=column, sortType="ASC") == expected
    assert found(site, sortColumn=column, sortType="DESC") == expected[::-1]


def test_the_anonymous_come_last_in_both_orders_of_names(site: Site) -> None:
    first, bob, adam, last, carol = (met(site, name) for name in (None, "bob", "Adam", None, "Carol"))

    assert found(site, sortColumn="NAME", sortType="ASC") == [adam, bob, carol, first, last]
    assert found(site, sortColumn="NAME", sortType="DESC") == [carol, bob, adam, last, first]


def test_a_search_begins_with_those_seen_in_most_assets(site: Site) -> None:
    persons = [met(site) for _ in range(12)]
    seen(site.base.imported(), persons[3])

    page = result(search(site))

    assert page["content"][0]["personId"] == persons[3]
    assert (page["totalCount"], page["totalPage"], page["pageNo"], page["pageSize"]) == (12, 2, 1, 10)


@settings(max_examples=15, deadline=None)
@given(
    size=st.integers(1, 20),
    column=st.sampled_from(["ASSET_COUNT", "CREATED_AT", "PERSON_ID", "NAME"]),
    direction=st.sampled_from(["ASC", "DESC"]),
)
def test_pages_of_a_search_are_a_partition(size: int, column: str, direction: str, people: Site) -> None:
    def page(number: int, size: int) -> list[int]:
        return found(people, pageNum=number, pageSize=size, sortColumn=column, sortType=direction)

    pages = [page(number, size) for number in range(1, -(-17 // size) + 2)]

    assert [one for content in pages for one in content] == page(1, 50)
    assert len(page(1, 50)) == 17


@pytest.fixture(scope="module")
def people(service: Service, new_site: Callable[[Service], Site]) -> Site:
    site = new_site(service)
    persons = [met(site, None if number % 3 else f"name {number}") for number in range(17)]
    seen(site.base.imported(), *persons[5:11])
    return site


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "pageNum"),
        ("?pageNum=0", "pageNum"),
        ("?pageNum=1&pageSize=0", "pageSize"),
        ("?pageNum=1&pageSize=1001", "pageSize"),
        ("?pageNum=1&name=a", "name"),
        ("?pageNum=1&name=%20%20", "name"),
        ("?pageNum=1&name=ab%00", "name"),
        (f"?pageNum=1&name={'a' * 51}", "name"),
        ("?pageNum=1&tagIdList=", "tagIdList"),
        ("?pageNum=1&tagIdList=1,x", "tagIdList"),
        ("?pageNum=1&tagIdList=1,,2", "tagIdList"),
        (f"?pageNum=1&tagIdList={','.join(['1'] * 31)}", "tagIdList"),
    ],
)
def test_a_list_that_cannot_be_is_refused(query: str, field: str, site: Site) -> None:
    refused = site.api("GET", f"{site.path}/persons{query}")

    assert (code(refused), fields(refused)) == ((400, "10001"), [field])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"pageNum": 0}, "pageNum"),
        ({"pageNum": None}, "pageNum"),
        ({"pageNum": 2**31 + 1}, "pageNum"),
        ({"pageSize": 0}, "pageSize"),
        ({"pageSize": 51}, "pageSize"),
        ({"pageSize": "10"}, "pageSize"),
        ({"name": "a"}, "name"),
        ({"name": "a" * 51}, "name"),
        ({"name": "ab`"}, "name"),
        ({"personIds": []}, "personIds"),
        ({"personIds": [1] * 101}, "personIds"),
        ({"personIds": [10**40]}, "personIds"),
        ({"tagIds": [1] * 31}, "tagIds"),
        ({"nameType": "BOTH"}, "nameType"),
        ({"sortColumn": "name"}, "sortColumn"),
        ({"sortType": "UP"}, "sortType"),
    ],
)
def test_a_search_that_cannot_be_is_refused(changed: dict[str, object], field: str, site: Site) -> None:
    refused = search(site, **changed)

    assert (code(refused), fields(refused)) == ((400, "10001"), [field])


@pytest.mark.parametrize("call", ["list", "search"])
def test_an_answer_takes_the_same_number_of_statements_whatever_its_size(call: str, site: Site) -> None:
    reporters = tag(site, "reporters")
    numbers: list[int] = []
    for more in (1, 10):
        for _ in range(more):
            person = create(site, pictures=2)
            put_on(site, person["personId"], reporters)
        site.service.statements.clear()
        if call == "list":
            result(site.api("GET", f"{site.path}/persons?pageNum=1"))
        else:
            result(search(site, pageSize=50, name="no") if more == 1 else search(site, pageSize=50))
        numbers.append(len(site.service.statements))

    assert numbers == [6, 6]
