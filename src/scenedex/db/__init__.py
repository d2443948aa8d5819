"""PostgreSQL: connection pool, transactions, migrations, and the embedded server.

Called by every slice's queries and by the wiring. Knows no table of its own and nothing of the data.
"""
