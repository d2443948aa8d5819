"""The index: the latest analysis result of an asset, as the API answers it and as files for other programs.

Called by its own routes and by the analysis, which publishes here. Knows nothing of how findings are made.
"""
