"""Objects in buckets: the users' own, which are only read, and the managed ones, which are ours.

Ports: `buckets.SourceBuckets` and `store.ManagedStore`, each with an adapter for local folders, one for S3 and a
fake in memory. Called by importing, by the stages of an analysis and by whatever hands out links to objects.
Knows nothing of assets, users, rows or HTTP routes, and never looks into the bytes.
"""
