"""What the engines of text on screen are called, without loading them."""

from typing import Final

from scenedex.engines.engine import Engine

RAPIDOCR: Final = Engine("rapidocr", "1", "ppocr-v6-small")
"""PP-OCRv6 inside the wheel of rapidocr: English, other Latin scripts, Japanese, Chinese."""

PPOCR_KOREAN: Final = Engine("ppocr-korean", "1", "ppocr-korean")
"""The Korean recogniser of PP-OCR, downloaded."""

TESSERACT_KOREAN: Final = Engine("tesseract-korean", "1", "tesseract-korean")
"""Tesseract inside the wheel of tesserocr with the language file of Korean, downloaded or of the system."""

PPOCR_KOREAN_FILE: Final = "korean_PP-OCRv5_rec_mobile.onnx"
PPOCR_KOREAN_CHARACTERS: Final = "korean_dict.txt"
TESSERACT_KOREAN_FILE: Final = "kor.traineddata"
