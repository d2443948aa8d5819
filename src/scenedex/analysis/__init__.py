"""Analyses: request, run and publish them.

Used by its own routes and by workers. Stages that look, read and listen run in limited child processes of `media`.
Their outputs are stored and reused for the same bytes. It does not know how engines work.
"""
