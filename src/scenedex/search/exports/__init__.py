"""Exports: the hits of a search as a file for other programs, one module per format.

Called by the search's route. Pure: hits in, bytes out; knows nothing of HTTP, URLs or the database. How clips, lines
and cells are written, it knows from the exports of an index.
"""
