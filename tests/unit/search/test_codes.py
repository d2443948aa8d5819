"""Sign codes in memory: the nearest are those of brute force, whatever was added in between."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.search.codes import CodeList, NearCodes, SceneKeys, nearest_of


def packed(codes: np.ndarray, index_id: int) -> tuple[bytes, bytes]:
    """Return a pack of codes, given as rows of bytes, as the database encodes it."""
    owners = index_id.to_bytes(8, "big") + len(codes).to_bytes(4, "big")
    entries = b"".join(
        number.to_bytes(4, "big") + (number % 3).to_bytes(2, "big") + code.tobytes()
        for number, code in enumerate(codes, 1)
    )
    return owners, entries


@given(sizes=st.lists(st.integers(1, 40), min_size=1, max_size=6), count=st.integers(1, 300), seed=st.integers(0, 1000))
@pytest.mark.parametrize("dimension", [5, 64, 100])
def test_the_nearest_are_those_of_the_greatest_products(
    dimension: int, sizes: list[int], count: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    parts = [random.integers(0, 2, size=(size, dimension), dtype=np.uint8) for size in sizes]
    query = random.normal(size=dimension).astype(np.float32)
    codes = CodeList(-(-dimension // 8))
    for index_id, part in enumerate(parts, 1):
        codes.add(*packed(np.packbits(part, axis=1), index_id))

    near = codes.nearest(query, max(count, sum(sizes) // 8 + 1))

    products = {
        (index_id, number): float(bits @ query)
        for index_id, part in enumerate(parts, 1)
        for number, bits in enumerate(part, 1)
    }
    assert len(codes) == len(products)
    best = sorted(products.values(), reverse=True)[: len(near)]
    assert near.products.tolist() == pytest.approx(best, abs=1e-4)
    found = zip(near.index_ids.tolist(), near.scene_ids.tolist(), strict=True)
    assert [products[key] for key in found] == pytest.approx(near.products.tolist(), abs=1e-4)
    assert near.places.tolist() == [number % 3 for number in near.scene_ids.tolist()]


@pytest.mark.parametrize("count", [0, 1, 30, 400])
def test_only_codes_of_wanted_scenes_are_near(count: int) -> None:
    random = np.random.default_rng(count)
    wanted = {(int(random.integers(7)), int(random.integers(60))) for _ in range(count)}
    codes = CodeList(8)
    for index_id in range(1, 5):
        codes.add(*packed(random.integers(0, 256, size=(50, 8), dtype=np.uint8), index_id))
    query = random.normal(size=64).astype(np.float32)
    index_ids, scene_ids = np.array(sorted(wanted), np.int64).reshape(-1, 2).T

    near = codes.nearest(query, 1000, SceneKeys(index_ids, scene_ids.astype(np.int32)))

    found = list(zip(near.index_ids.tolist(), near.scene_ids.tolist(), strict=True))
    everything = codes.nearest(query, 1000)
    keys = zip(everything.index_ids.tolist(), everything.scene_ids.tolist(), strict=True)
    assert sorted(found) == sorted(wanted.intersection(keys))
    assert near.products.tolist() == sorted(near.products.tolist(), reverse=True)


def test_more_codes_than_a_chunk_are_all_compared() -> None:
    codes = CodeList(8)
    codes.add(*packed(np.zeros((40_000, 8), np.uint8), 1))
    codes.add(*packed(np.full((1, 8), 255, np.uint8), 2))

    near = codes.nearest(np.ones(64, np.float32), 2)

    assert near.index_ids.tolist() == [2, 1]
    assert near.products.tolist() == [64, 0]


def test_no_codes_are_near_in_an_empty_list() -> None:
    assert len(CodeList(8).nearest(np.ones(64, np.float32), 10)) == 0


def test_the_nearest_of_several_lists_are_those_of_one() -> None:
    random = np.random.default_rng(3)
    parts = [random.integers(0, 256, size=(50, 8), dtype=np.uint8) for _ in range(3)]
    query = random.normal(size=64).astype(np.float32)
    whole = CodeList(8)
    separate: list[NearCodes] = []
    for index_id, part in enumerate(parts, 1):
        whole.add(*packed(part, index_id))
        one = CodeList(8)
        one.add(*packed(part, index_id))
        separate.append(one.nearest(query, 20))

    assert nearest_of(separate, 20).products.tolist() == whole.nearest(query, 20).products.tolist()


@pytest.mark.parametrize("vectors", [1000, 100_000])
def test_the_memory_is_at_most_the_estimate(vectors: int) -> None:
    codes = CodeList(64)
    for index_id in range(1, 11):
        codes.add(*packed(np.zeros((vectors // 10, 64), np.uint8), index_id))

    assert codes.size_bytes <= CodeList.estimate_bytes(64, vectors)
