"""PostgreSQL: the pool, transactions and migrations, and the embedded server.

Called by every slice's queries and by the wiring. Knows no table of its own and nothing of what is stored.
"""
