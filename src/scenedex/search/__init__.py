"""Search for scenes of a workspace by text, picture, persons and dialogue.

Clients request a search and read its hits. Workers find them. The package reads what indexes store of their scenes and
must not know how an index is made.
"""
