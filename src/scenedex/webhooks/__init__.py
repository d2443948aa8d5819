"""Webhooks after Standard Webhooks 1.0: endpoints of a workspace, and the delivery of its notices to them.

A trigger writes a delivery for each endpoint in the transaction that records the notice, see `scenedex.audit.notices`.
Workers send what is due (`dispatch`). Knows no slice but the types of its notices.
"""
