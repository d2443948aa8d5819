"""Probing and decoding of media, in a limited child process; the only importer of the decoder.

Workers call `probing.probe` and `child.run_in_child`; stages that run inside the child get an `opened.OpenedMedia`, or
read the `stills` that another stage packed. Knows no database, queue, HTTP or storage: bytes come from a file or from a
function that reads ranges.
"""
