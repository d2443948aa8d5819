"""Stages of an analysis, one module each.

Functions that read media run in the limited child process of `media` and return a struct that the worker stores. They
raise `EngineUnavailable` if an engine cannot be loaded, `MediaUnreadable` if what they read is broken, and
`DimensionsTooLarge` if a picture has more pixels than allowed. No stage uses the database, jobs or HTTP. A stage gets
another version when its output changes.
"""
