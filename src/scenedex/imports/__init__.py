"""Imports of many objects: what lies below a prefix of a bucket, and analyses that are requested as assets arrive.

A bulk import is a row and a job. The job lists the objects page by page and registers each page in one transaction.
Called by its own routes, by workers, and by the slice of watches. Single imports belong to `scenedex.assets`.
"""
