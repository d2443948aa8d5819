"""Sign codes in memory: the nearest are those of brute force, whatever was added in between."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.search.code_list import CodeList
from scenedex.search.codes import CodedQuery, CodeFormat, NearCodes, SceneKeys, nearest_of, numbers_of

PLAIN = CodeFormat(64, has_scales=False)


def packed(codes: np.ndarray, index_id: int, scales: np.ndarray | None = None) -> tuple[bytes, bytes]:
    """Return a pack of codes, given as rows of bytes, as the database encodes it, with or without scales."""
    owners = index_id.to_bytes(8, "big") + len(codes).to_bytes(4, "big")
    written = [b""] * len(codes) if scales is None else [scale.astype(">f4").tobytes() for scale in scales]
    entries = b"".join(
        number.to_bytes(4, "big") + (number % 3).to_bytes(2, "big") + scale + code.tobytes()
        for number, (code, scale) in enumerate(zip(codes, written, strict=True), 1)
    )
    return owners, entries


def coded(rest: np.ndarray) -> CodedQuery:
    return CodedQuery(0, rest.astype(np.float32))


@settings(deadline=None)
@given(sizes=st.lists(st.integers(1, 40), min_size=1, max_size=6), count=st.integers(1, 300), seed=st.integers(0, 1000))
@pytest.mark.parametrize("dimension", [5, 64, 100])
@pytest.mark.parametrize("has_scales", [False, True])
def test_the_nearest_are_those_of_the_greatest_products(
    has_scales: bool, dimension: int, sizes: list[int], count: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    parts = [random.integers(0, 2, size=(size, dimension), dtype=np.uint8) for size in sizes]
    scales = [random.normal(1, 0.2, size=(size, 2)) if has_scales else np.tile([1.0, 0.0], (size, 1)) for size in sizes]
    query = CodedQuery(0.3, random.normal(size=dimension).astype(np.float32))
    codes = CodeList(CodeFormat(dimension, has_scales=has_scales))
    for index_id, (part, scale) in enumerate(zip(parts, scales, strict=True), 1):
        codes.add(*packed(np.packbits(part, axis=1), index_id, scale if has_scales else None))

    near = codes.nearest(query, max(count, sum(sizes) // 16 + 1))

    products = {
        (index_id, number): length * float((2.0 * bits - 1) @ query.rest) * (np.pi / 2 / dimension) ** 0.5 + 0.3 * along
        for index_id, (part, scale) in enumerate(zip(parts, scales, strict=True), 1)
        for number, (bits, (length, along)) in enumerate(zip(part, scale, strict=True), 1)
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
    codes = CodeList(PLAIN)
    for index_id in range(1, 5):
        codes.add(*packed(random.integers(0, 256, size=(50, 8), dtype=np.uint8), index_id))
    query = coded(random.normal(size=64))
    index_ids, scene_ids = np.array(sorted(wanted), np.int64).reshape(-1, 2).T

    near = codes.nearest(query, 1000, SceneKeys(index_ids, scene_ids.astype(np.int32)))

    found = list(zip(near.index_ids.tolist(), near.scene_ids.tolist(), strict=True))
    everything = codes.nearest(query, 1000)
    keys = zip(everything.index_ids.tolist(), everything.scene_ids.tolist(), strict=True)
    assert sorted(found) == sorted(wanted.intersection(keys))
    assert near.products.tolist() == sorted(near.products.tolist(), reverse=True)


def test_more_codes_than_a_chunk_are_all_compared() -> None:
    codes = CodeList(PLAIN)
    codes.add(*packed(np.zeros((40_000, 8), np.uint8), 1))
    codes.add(*packed(np.full((1, 8), 255, np.uint8), 2))

    near = codes.nearest(coded(np.ones(64)), 2)

    assert near.index_ids.tolist() == [2, 1]
    assert near.products.tolist() == pytest.approx([(64 * np.pi / 2) ** 0.5, -((64 * np.pi / 2) ** 0.5)])


def test_no_codes_are_near_in_an_empty_list() -> None:
    assert len(CodeList(PLAIN).nearest(coded(np.ones(64)), 10)) == 0


def test_the_nearest_of_several_lists_are_those_of_one() -> None:
    random = np.random.default_rng(3)
    parts = [random.integers(0, 256, size=(50, 8), dtype=np.uint8) for _ in range(3)]
    query = coded(random.normal(size=64))
    whole = CodeList(PLAIN)
    separate: list[NearCodes] = []
    for index_id, part in enumerate(parts, 1):
        whole.add(*packed(part, index_id))
        one = CodeList(PLAIN)
        one.add(*packed(part, index_id))
        separate.append(one.nearest(query, 20))

    assert nearest_of(separate, 20).products.tolist() == whole.nearest(query, 20).products.tolist()


@pytest.mark.parametrize("vectors", [1000, 100_000])
def test_the_memory_is_at_most_the_estimate(vectors: int) -> None:
    code_format = CodeFormat(512, has_scales=False)
    codes = CodeList(code_format)
    for index_id in range(1, 11):
        codes.add(*packed(np.zeros((vectors // 10, 64), np.uint8), index_id))

    assert codes.size_bytes <= CodeList.estimate_bytes(code_format, vectors)


def test_estimates_are_near_to_the_products_of_vectors() -> None:
    random = np.random.default_rng(5)
    centre = (random.normal(size=512) / 30).astype(np.float32)
    vectors = random.normal(size=(4000, 512)).astype(np.float32) / 512**0.5 * random.uniform(0.5, 1.5, size=(4000, 1))
    query = (vectors[7] + 0.4 * centre + random.normal(size=512) / 30).astype(np.float32)
    scales = np.stack([np.linalg.norm(vectors, axis=1), vectors @ centre], axis=1)
    codes = CodeList(CodeFormat(512))
    codes.add(*packed(np.packbits(vectors > 0, axis=1), 1, scales))

    near = codes.nearest(CodedQuery.of(query, centre), 500)

    products = vectors[near.scene_ids - 1] @ query
    assert near.scene_ids[0] == 8
    assert np.abs(near.products - products).mean() < 0.06


def test_a_query_is_a_share_of_the_centre_and_a_rest_at_a_right_angle() -> None:
    query, centre = numbers_of("[1,2.5,-3]"), numbers_of("[0.5,0.25,1]")

    made = CodedQuery.of(query, centre)

    assert made.share_of_centre * centre + made.rest == pytest.approx(query)
    assert float(made.rest @ centre) == pytest.approx(0, abs=1e-6)
    assert CodedQuery.of(query, np.zeros(3, np.float32)).rest.tolist() == query.tolist()


def test_the_nearest_of_many_codes_are_found_among_those_with_the_most_equal_signs() -> None:
    random = np.random.default_rng(6)
    vectors = random.normal(size=(60_000, 256)).astype(np.float32)
    query = random.normal(size=256).astype(np.float32)
    alike = random.choice(len(vectors), 30, replace=False)
    vectors[alike] += 0.8 * query
    codes = CodeList(CodeFormat(256, has_scales=False))
    for start in range(0, len(vectors), 20_000):
        codes.add(*packed(np.packbits(vectors[start : start + 20_000] > 0, axis=1), start + 1))

    near = codes.nearest(coded(query), 40)

    found = set((near.index_ids - 1 + near.scene_ids - 1).tolist())
    assert found.issuperset(alike.tolist())


def test_errors_are_those_of_estimates() -> None:
    random = np.random.default_rng(7)
    vectors = random.normal(size=(5000, 512)).astype(np.float32) / 512**0.5 * random.uniform(0.5, 1.5, size=(5000, 1))
    query = (random.normal(size=512) / 512**0.5).astype(np.float32)
    codes = CodeList(CodeFormat(512))
    scales = np.stack([np.linalg.norm(vectors, axis=1), np.zeros(len(vectors))], axis=1)
    codes.add(*packed(np.packbits(vectors > 0, axis=1), 1, scales))

    near = codes.nearest(coded(query), len(vectors))

    deviations = (near.products - vectors[near.scene_ids - 1] @ query) / near.errors
    assert deviations.std() == pytest.approx(1, abs=0.1)


def test_the_errors_of_codes_without_scales_are_unknown() -> None:
    codes = CodeList(PLAIN)
    codes.add(*packed(np.zeros((3, 8), np.uint8), 1))

    assert np.isinf(codes.nearest(coded(np.ones(64)), 3).errors).all()
