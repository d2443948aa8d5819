"""The audit log: who changed what, when and from where.

Every signed call that changes something writes its event in the transaction of the change; so do the commands that make
and revoke access keys. Called by the application around each route; knows no slice whose changes it tells.
"""
