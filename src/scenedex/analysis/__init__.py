"""Analyses: asking for one, running it, publishing its result.

Called by its own routes and by workers. The stages run in the limited child process of `media`.
"""
