"""Stages of an analysis, one module each.

Functions that read media run in the limited child process of `media` and return a struct that the worker stores. No
stage uses the database, jobs or HTTP. A stage gets another version when its output changes.
"""
