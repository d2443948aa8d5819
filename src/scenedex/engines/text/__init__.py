"""Text on screen: where lines are written in a picture, and what they say.

The text stage shows a `TextReader` the stills that changed and follows what it reads over time. A reader sees one
picture at a time: it must not know files, times or regions. Networks are loaded by `opening` only.
"""

from scenedex.engines.text.names import PPOCR_KOREAN, RAPIDOCR, TESSERACT_KOREAN
from scenedex.engines.text.opening import open_text
from scenedex.engines.text.port import UNKNOWN, KoreanReader, LineReading, TextBox, TextLine, TextReader
from scenedex.engines.text.reading_order import in_reading_order
from scenedex.engines.text.scripted import ScriptedTextReader

__all__ = [
    "PPOCR_KOREAN",
    "RAPIDOCR",
    "TESSERACT_KOREAN",
    "UNKNOWN",
    "KoreanReader",
    "LineReading",
    "ScriptedTextReader",
    "TextBox",
    "TextLine",
    "TextReader",
    "in_reading_order",
    "open_text",
]
