"""The people of a workspace, known by their faces: who is found again, and who is met for the first time.

Analyses call `identify` when they publish. A person that nobody named is anonymous. Knows nothing of pixels or engines:
faces come as unit vectors of an engine that is only compared with itself.
"""
