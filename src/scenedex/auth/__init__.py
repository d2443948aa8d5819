"""Authentication and authorization: request signatures, access keys, roles and rates.

Called by the HTTP application before any route, and by the key commands. Knows no slice above it.
"""
