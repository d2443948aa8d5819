"""Exports: subtitles, edits and spreadsheets of scenes for other programs.

Indexes and searches convert their scenes to the types of `content` and have a format of `formats` write them.
The package imports no other slice and opens neither database nor storage. `routing` holds the parts that the
routes of exports share. JSON is not written here: it is the wire shape of an index.
"""
