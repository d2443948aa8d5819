"""Analyses: asking for one, running it, publishing its result.

Called by its own routes and by workers. The stages that look, read and listen run in limited child processes of
`media`; what they made is kept, and not made again for the same bytes. Knows nothing of how engines work.
"""
