"""Whether rows, objects, jobs and folders fit together: that nothing is lost, twice or left behind.

An operator's command calls it, on a system at work. What it compares belongs to the slices below; it changes
nothing unless it is told to repair, and then only what follows from rows.
"""
