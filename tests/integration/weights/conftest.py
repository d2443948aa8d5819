"""Real weights beside the checkout, for the tests that need them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_weights() -> Path:
    checkout = Path(__file__).parents[3]
    folder = Path(os.environ.get("SCENEDEX_TEST_WEIGHTS", checkout.parent / "shared" / "models"))
    if not (folder / "fastestdet-coco80.onnx").is_file():
        pytest.skip(f"no real weights: {folder} has none (SCENEDEX_TEST_WEIGHTS names their folder)")
    return folder
