"""Sign-in at an OpenID provider: authorization code flow with PKCE, state and nonce.

Called by the console's sign-in, and by `doctor`. Knows no session. A user of the provider is known by issuer and
subject, and has the role that the settings give to one of the user's groups.
"""
