"""Text on screen: lines in a picture and their text.

The text stage gives a `TextReader` the stills that changed and follows the lines over time. Readers know one picture at
a time, no files, times or regions. Importing this package loads no network library.
"""

from scenedex.engines.text.hangul import has_hangul
from scenedex.engines.text.port import (
    KOREAN,
    PPOCR_KOREAN,
    RAPIDOCR,
    SPECS,
    TESSERACT_KOREAN,
    TEXT,
    UNKNOWN,
    KoreanReader,
    LineReading,
    TextBox,
    TextLine,
    TextReader,
)
from scenedex.engines.text.reading_order import in_reading_order
from scenedex.engines.text.scripted import ScriptedTextReader

__all__ = [
    "KOREAN",
    "PPOCR_KOREAN",
    "RAPIDOCR",
    "SPECS",
    "TESSERACT_KOREAN",
    "TEXT",
    "UNKNOWN",
    "KoreanReader",
    "LineReading",
    "ScriptedTextReader",
    "TextBox",
    "TextLine",
    "TextReader",
    "has_hangul",
    "in_reading_order",
]
