"""Watches: prefixes of buckets whose new, changed and removed objects are noticed, by looks and by events.

A look lists the prefix page by page. An event only names a key to look at. Both end in the registration of
`scenedex.assets`, so that an object is registered once however it was noticed. Called by its own routes and by workers.
"""
