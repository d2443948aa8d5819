"""Probing and decoding of media in a limited child process. The only importer of the decoder.

Workers call `probing.probe` and `child.run_in_child`. Stages inside the child get an `opened.OpenedMedia` or read the
`stills` of an earlier stage. Knows no database, queue, HTTP or storage: bytes come from a file or from a function that
reads ranges.
"""
