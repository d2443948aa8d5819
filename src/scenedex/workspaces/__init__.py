"""Workspaces: the boundary between tenants, holding projects.

Called by its own routes and by every slice above, which find the workspace of a request here.
Knows nothing of what its projects hold but that it goes when they go.
"""
