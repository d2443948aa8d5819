from __future__ import annotations

import numpy as np
import pytest

from scenedex.engines.embeddings.mpeg7 import edge_histogram, neighbourhoods, on_code_words

VERTICAL, HORIZONTAL, RISING, FALLING = range(4)


def stripes(kind: int) -> np.ndarray:
    """Stripes of one direction, as wide as the blocks of a picture of this size, so that each has an edge."""
    rows, columns = np.mgrid[0:432, 0:432]
    place = [columns + 6, rows + 6, rows + columns, rows - columns][kind]
    grey = (place // 12 % 2 * 200).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


@pytest.mark.parametrize("kind", [VERTICAL, HORIZONTAL])
def test_stripes_are_edges_of_their_direction_everywhere(kind: int) -> None:
    shares = edge_histogram(stripes(kind))

    assert shares.shape == (4, 4, 5)
    assert float(shares[:, :, kind].min()) > 0.9
    assert float(np.delete(shares, kind, axis=2).max()) == 0


@pytest.mark.parametrize("kind", [RISING, FALLING])
def test_slanting_stripes_are_never_the_other_slant(kind: int) -> None:
    shares = edge_histogram(stripes(kind)).mean(axis=(0, 1))

    assert shares[kind] > 0.3
    assert shares[RISING + FALLING - kind] == 0


def test_a_plain_picture_has_no_edges() -> None:
    assert not edge_histogram(np.full((240, 320, 3), 77, np.uint8)).any()


def test_an_edge_is_counted_where_it_is() -> None:
    picture = np.zeros((400, 400, 3), np.uint8)
    picture[100:200, :100] = stripes(VERTICAL)[:100, :100]

    shares = edge_histogram(picture)

    assert shares[1, 0].any()
    shares[1, 0] = 0
    assert float(shares.max()) < 0.1


def test_groups_are_means_of_their_parts() -> None:
    local = (np.arange(80, dtype=np.float32).reshape(4, 4, 5) / 80).astype(np.float32)

    groups = neighbourhoods(local)

    assert groups.shape == (13, 5)
    np.testing.assert_allclose(groups[0], local[:, 0].mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(groups[4], local[0].mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(groups[8], local[:2, :2].mean(axis=(0, 1)), rtol=1e-6)
    np.testing.assert_allclose(groups[9], local[:2, 2:].mean(axis=(0, 1)), rtol=1e-6)
    np.testing.assert_allclose(groups[12], local[1:3, 1:3].mean(axis=(0, 1)), rtol=1e-6)


def test_the_scale_of_code_words_goes_from_0_to_1_and_grows() -> None:
    shares = np.linspace(0, 1, 50, dtype=np.float32)[:, None].repeat(5, axis=1)

    scaled = on_code_words(shares)

    assert (scaled[0] == 0).all()
    assert (scaled[-1] == 1).all()
    assert (np.diff(scaled, axis=0) >= 0).all()
