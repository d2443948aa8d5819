from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine_choices import fake_spec, spec_of
from networks_pictures import write_siglip
from scenedex.engines.embeddings import LAYOUT, MPEG7, PICTURES, SIGLIP2
from scenedex.engines.embeddings.toy import MeanColours
from scenedex.engines.testing import PictureEmbedderContract

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.engines.embeddings import PictureEmbedder


class TestMeanColours(PictureEmbedderContract):
    spec = fake_spec(PICTURES, MeanColours().engine)

    @pytest.fixture
    def engine(self) -> PictureEmbedder:
        return MeanColours()


class TestLayout(PictureEmbedderContract):
    spec = spec_of(LAYOUT)


class TestMpeg7(PictureEmbedderContract):
    spec = spec_of(MPEG7)


class TestSiglip(PictureEmbedderContract):
    spec = spec_of(SIGLIP2, PICTURES)

    @pytest.fixture(scope="class")
    @classmethod
    def weights_folder(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return write_siglip(tmp_path_factory.mktemp("siglip"))
