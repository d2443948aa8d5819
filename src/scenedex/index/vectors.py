"""Embeddings as the database reads them."""

from __future__ import annotations

import struct


def vector_literal(embedding: bytes) -> str:
    """Format 32-bit floats as a literal of pgvector. Five digits are more than its 16-bit floats hold."""
    values = struct.unpack(f"<{len(embedding) // 4}f", embedding)
    return f"[{','.join(f'{value:.5g}' for value in values)}]"
