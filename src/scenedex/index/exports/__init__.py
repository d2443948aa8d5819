"""Exports: an index as a file for other programs, one module per format.

Called by the index's route. Pure: records in, text or bytes out; knows nothing of HTTP, URLs or the database.
JSON is not here, as it is the wire shape of the index itself.
"""
