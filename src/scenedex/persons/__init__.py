"""Persons of a workspace, identified by their faces: directory, tags, thumbnails, merges and splits.

Analyses call `identification.identify` when they publish. A person without a name is anonymous. Knows nothing of pixels
or engines: faces are unit vectors, compared with those of the same engine alone.
"""
