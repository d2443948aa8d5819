"""The index: the latest analysis result of an asset.

Called by its own route and by the analysis, which publishes here. Knows nothing of how findings are made.
"""
