"""Scene summaries by a vision language model behind an endpoint with the API of OpenAI.

The worker calls it. Its answers are not trusted: sentences that the evidence of the scene does not support are dropped.
Nothing here opens a picture.
"""

from scenedex.engines.summaries.vision.chat import ChatService
from scenedex.engines.summaries.vision.summariser import VisionSummariser, open_vision_model

__all__ = ["ChatService", "VisionSummariser", "open_vision_model"]
