"""Objects in buckets: the users' own, which are only read, and the managed ones.

Ports: `buckets.SourceBuckets` and `store.ManagedStore`, each with adapters for local folders and S3 and a fake in
memory. Called by imports, analysis stages and every module that hands out links to objects.
Knows nothing of assets, users, rows or HTTP routes, and never interprets the bytes.
"""
