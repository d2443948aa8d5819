"""Workspaces: the boundary between tenants, holding projects.

Called by its own routes and by every slice above, which find the workspace of a request here.
Knows nothing of the content of projects except that it is deleted with them.
"""
