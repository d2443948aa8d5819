from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scenedex.client import Client, Page
from scenedex.client.paging import every_item
from scenedex.client.signing import Credentials
from scenedex.client.testing import FakeService, ManualTime


@given(st.integers(min_value=0, max_value=60), st.integers(min_value=1, max_value=25))
def test_every_item_comes_once_in_order_with_one_question_a_page(count: int, page_size: int) -> None:
    asked: list[int] = []

    def page(number: int) -> Page[int]:
        asked.append(number)
        content = tuple(range(count)[(number - 1) * page_size : number * page_size])
        total = -(-count // page_size)
        return Page(content=content, total_count=count, total_page=total, page_no=number, page_size=page_size)

    assert list(every_item(page)) == list(range(count))
    assert asked == list(range(1, max(1, -(-count // page_size)) + 1))


@given(st.integers(min_value=0, max_value=12), st.integers(min_value=1, max_value=5))
def test_assets_are_listed_across_pages(count: int, page_size: int) -> None:
    time = ManualTime()
    service = FakeService(Credentials("AK", "SK"), now=time.now)
    service.catalogue.create_workspace("archive", None)
    registered = [service.catalogue.register("archive", 1001, f"{n}.mp4", None).asset_id for n in range(count)]
    with Client("https://mi.test", "AK", "SK", transport=service, clock=time.clock()) as client:
        listed = [asset.asset_id for asset in client.assets("archive", 1001).list(page_size=page_size)]

    assert listed == registered


def test_asks_for_no_page_before_it_is_read(client: Client, service: FakeService) -> None:
    workspaces = client.workspaces.list()

    assert service.received == []
    next(workspaces)
    assert [received.target for received in service.received] == ["/api/v1/workspaces?pageNum=1&pageSize=1000"]


def test_stops_at_an_empty_page_whatever_the_total_says() -> None:
    def page(number: int) -> Page[int]:
        content = (1, 2) if number == 1 else ()
        return Page(content=content, total_count=9, total_page=5, page_no=number, page_size=2)

    assert list(every_item(page)) == [1, 2]
