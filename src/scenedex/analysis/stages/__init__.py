"""The steps of an analysis that look at the media, one file each: what it needs, what it makes, its version, `run`.

`run` is called inside the limited child process of `media` and returns a struct that the worker stores. No stage
touches the database, jobs or HTTP; a stage whose output changes gets another version.
"""
