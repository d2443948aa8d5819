from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from scenedex.client import Page
from scenedex.client.paging import all_items

if TYPE_CHECKING:
    from scenedex.client import Client
    from scenedex.client.testing import Recorder


@given(st.integers(min_value=0, max_value=60), st.integers(min_value=1, max_value=25))
def test_every_item_comes_once_in_order_with_one_question_a_page(count: int, page_size: int) -> None:
    asked: list[int] = []

    def page(number: int) -> Page[int]:
        asked.append(number)
        content = tuple(range(count)[(number - 1) * page_size : number * page_size])
        total = -(-count // page_size)
        return Page(content=content, total_count=count, total_page=total, page_no=number, page_size=page_size)

    assert list(all_items(page)) == list(range(count))
    assert asked == list(range(1, max(1, -(-count // page_size)) + 1))


def test_asks_for_no_page_before_it_is_read(client: Client, service: Recorder) -> None:
    page = {"totalCount": 3, "totalPage": 2, "pageSize": 2}
    service.add_result(page | {"content": [{"workspaceName": "a"}, {"workspaceName": "b"}], "pageNo": 1})
    service.add_result(page | {"content": [{"workspaceName": "c"}], "pageNo": 2})

    workspaces = client.workspaces.list(page_size=2)

    asked = [len(service.received)]
    for _ in range(3):
        next(workspaces)
        asked.append(len(service.received))
    assert asked == [0, 1, 1, 2]
    assert [received.target.partition("?")[2] for received in service.received] == [
        "pageNum=1&pageSize=2",
        "pageNum=2&pageSize=2",
    ]


def test_stops_at_an_empty_page_whatever_the_total_says() -> None:
    def page(number: int) -> Page[int]:
        content = (1, 2) if number == 1 else ()
        return Page(content=content, total_count=9, total_page=5, page_no=number, page_size=2)

    assert list(all_items(page)) == [1, 2]
