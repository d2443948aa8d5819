"""Assets: registered videos and images, from the first request to the checked copy.

Called by its own routes, by workers that run imports, and by the slices above that analyse an asset.
Knows nothing of analyses and indexes except that they are deleted with their asset.
"""
