"""Scenedex: an open, self-hosted media intelligence server."""

__version__ = "0.1.0"
