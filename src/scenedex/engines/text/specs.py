"""Engines of text on screen."""

from __future__ import annotations

from typing import Final

from scenedex.engines.catalog import Entry, WeightFile
from scenedex.engines.engine import Engine
from scenedex.engines.spec import EngineSpec
from scenedex.engines.text.port import KOREAN, TEXT

RAPIDOCR: Final = Engine("rapidocr", "1", "ppocr-v6-small")
"""PP-OCRv6 inside the wheel of rapidocr: English, other Latin scripts, Japanese, Chinese."""

PPOCR_KOREAN: Final = Engine("ppocr-korean", "1", "ppocr-korean")
"""The Korean recogniser of PP-OCR, downloaded."""

TESSERACT_KOREAN: Final = Engine("tesseract-korean", "1", "tesseract-korean")
"""Tesseract inside the wheel of tesserocr with the language file of Korean, downloaded or of the system."""

PPOCR_KOREAN_FILE: Final = "korean_PP-OCRv5_rec_mobile.onnx"
PPOCR_KOREAN_CHARACTERS: Final = "korean_dict.txt"
TESSERACT_KOREAN_FILE: Final = "kor.traineddata"

SPECS: Final = (
    EngineSpec(
        port=TEXT,
        engine=RAPIDOCR,
        factory="scenedex.engines.text.ppocr:PpocrReader",
        packages={"rapidocr": "rapidocr", "onnxruntime": "onnxruntime"},
    ),
    EngineSpec(
        port=KOREAN,
        engine=PPOCR_KOREAN,
        factory="scenedex.engines.text.ppocr:PpocrKorean",
        packages={"rapidocr": "rapidocr", "onnxruntime": "onnxruntime"},
        weights=Entry(
            "ppocr-korean",
            "Korean text on screen, PP-OCRv5",
            "Apache-2.0",
            "https://github.com/RapidAI/RapidOCR",
            (
                WeightFile(
                    PPOCR_KOREAN_FILE,
                    f"https://www.modelscope.cn/models/RapidAI/RapidOCR/resolve/v3.10.0/onnx/PP-OCRv5/rec/{PPOCR_KOREAN_FILE}",
                    13_488_748,
                    "cd6e2ea50f6943ca7271eb8c56a877a5a90720b7047fe9c41a2e541a25773c9b",
                ),
            ),
        ),
    ),
    EngineSpec(
        port=KOREAN,
        engine=TESSERACT_KOREAN,
        factory="scenedex.engines.text.tesseract:TesseractKorean",
        packages={"tesserocr": "tesserocr"},
        weights=Entry(
            "tesseract-korean",
            "Korean text on screen, Tesseract's fast weights",
            "Apache-2.0",
            "https://github.com/tesseract-ocr/tessdata_fast",
            (
                WeightFile(
                    TESSERACT_KOREAN_FILE,
                    "https://raw.githubusercontent.com/tesseract-ocr/tessdata_fast/"
                    f"87416418657359cb625c412a48b6e1d6d41c29bd/{TESSERACT_KOREAN_FILE}",
                    1_677_415,
                    "6b85e11d9bbf07863b97b3523b1b112844c43e713df8b66418a081fd1060b3b2",
                ),
            ),
            # Folders of the language files of a system's own Tesseract.
            ("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract/tessdata", "/usr/share/tessdata"),
        ),
    ),
)
