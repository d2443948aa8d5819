"""Statistics of workspaces: analyses, media, stages without a result, and stored bytes for each day.

Called by users who plan and report. The rows of which they are sums are written by triggers of the database, whatever
code ends an analysis or deletes an asset.
"""
