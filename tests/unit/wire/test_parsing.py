from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.wire.errors import InvalidRequest
from scenedex.wire.parsing import PageRequest, WireTime, check_name, check_workspace_name, parse_id

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds the zone


@given(st.integers(1, 2**63 - 1))
def test_an_id_is_the_integer_in_the_text(number: int) -> None:
    assert parse_id("asset_id", str(number)) == number


@pytest.mark.parametrize("text", ["0", "-1", str(2**63), "9" * 30, "-" + "9" * 29])
def test_an_integer_out_of_range_is_0(text: str) -> None:
    assert parse_id("asset_id", text) == 0


@given(TEXTS.filter(lambda text: not text.removeprefix("-").isdecimal()))
def test_text_that_is_not_an_integer_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        parse_id("asset_id", text)
    assert refused.value.details[0].field == "asset_id"


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "1\n", "+1", "1_0", "\u0661", "9" * 31, "0x1", "1.0", "--1", "01", "-01", "-0", "1e1"]
)
def test_integers_in_other_notations_are_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        parse_id("asset_id", text)


@given(TEXTS, st.integers(1, 120))
def test_a_name_is_accepted_unchanged_or_refused(text: str, max_length: int) -> None:
    is_good = (
        any(character.isprintable() and not character.isspace() for character in text)
        and len(text) <= max_length
        and not any(character in ";|`\x7f" or ord(character) < 32 for character in text)
    )
    if is_good:
        assert check_name("name", text, max_length=max_length) == text
        return
    with pytest.raises(InvalidRequest):
        check_name("name", text, max_length=max_length)


@given(st.text(max_size=70))
def test_a_workspace_name_has_lowercase_letters_digits_and_hyphens(text: str) -> None:
    is_good = 3 <= len(text) <= 63 and set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    if is_good:
        assert check_workspace_name("workspaceName", text) == text
        return
    with pytest.raises(InvalidRequest):
        check_workspace_name("workspaceName", text)


@given(total=st.integers(0, 500), size=st.integers(1, 60))
def test_pages_cover_a_list_exactly_once(total: int, size: int) -> None:
    items = list(range(total))
    last = PageRequest(1, size).pages_of(total)

    pages = [PageRequest(number, size) for number in range(1, last + 1)]

    assert [item for page in pages for item in items[page.offset : page.offset + page.size]] == items
    assert PageRequest(last + 1, size).offset >= total


def test_the_offset_of_any_page_fits_the_database() -> None:
    assert PageRequest(2**62, 1000).offset == 2**63 - 1


@given(MOMENTS, st.sampled_from(["UTC", "Asia/Seoul", "America/St_Johns"]))
def test_a_time_is_written_in_its_zone_without_an_offset(moment: datetime, name: str) -> None:
    zone = ZoneInfo(name)

    written = WireTime(zone)(moment)

    assert datetime.fromisoformat(written).tzinfo is None
    assert datetime.fromisoformat(written) - moment.replace(tzinfo=None) == moment.astimezone(zone).utcoffset()


def test_a_time_is_written_to_the_microsecond() -> None:
    moment = datetime(2025, 4, 23, 17, 14, 11, tzinfo=UTC)

    assert WireTime()(moment) == "2025-04-23T17:14:11"
    assert WireTime()(moment + timedelta(microseconds=482913)) == "2025-04-23T17:14:11.482913"
