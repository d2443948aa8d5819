"""Authentication and authorization: request signatures, access keys, users of an OpenID provider, roles and rates.

Called by the HTTP application before any route, and by the key commands. Knows no slice above it.
"""
