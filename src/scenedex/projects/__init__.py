"""Projects: the folders of assets in a workspace.

Called by its own routes and by the slices above, which find the project of a request here.
Knows nothing of assets except that they are deleted with their project.
"""
