from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.engines.layout import cell_means


@given(height=st.integers(1, 90), width=st.integers(1, 90), rows=st.integers(1, 12), columns=st.integers(1, 20))
def test_a_flat_plane_keeps_its_value_whatever_the_grid(height: int, width: int, rows: int, columns: int) -> None:
    means = cell_means(np.full((2, height, width), 7.0, np.float32), rows, columns)

    assert means == pytest.approx(np.full((2, rows, columns), 7.0))


@given(rows=st.integers(1, 9), columns=st.integers(1, 9), tall=st.integers(1, 5), wide=st.integers(1, 5))
def test_a_patchwork_gives_its_patches(rows: int, columns: int, tall: int, wide: int) -> None:
    patches = np.arange(rows * columns, dtype=np.float32).reshape(rows, columns)

    means = cell_means(np.kron(patches, np.ones((tall, wide), np.float32))[None], rows, columns)

    assert means[0] == pytest.approx(patches)
