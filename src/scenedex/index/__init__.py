"""Indexes: the latest analysis result of each asset.

Analyses publish an index, calls read, edit and export it. Its scenes are found by search entries, which are kept in
step with it. The package knows neither how a result is made nor how a search ranks it.
"""
