"""Scene summaries: text about each scene of an index.

Calls request, follow, cancel and read them. A worker runs a request scene by scene with the selected engine and
publishes the result into the index, which shows, exports and finds it. The package does not know how text is made.
"""
