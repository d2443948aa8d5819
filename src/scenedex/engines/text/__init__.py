"""Text on screen: where lines are written in a picture, and what they say.

The text stage shows a `TextReader` the stills that changed and follows what it reads over time. A reader sees one
picture at a time: it must not know files, times or regions. Networks are loaded by `opening` only.
"""

from scenedex.engines.text.port import KOREAN, TEXT, UNKNOWN, KoreanReader, LineReading, TextBox, TextLine, TextReader
from scenedex.engines.text.reading_order import in_reading_order
from scenedex.engines.text.scripted import ScriptedTextReader
from scenedex.engines.text.specs import PPOCR_KOREAN, RAPIDOCR, SPECS, TESSERACT_KOREAN

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
    "in_reading_order",
]
