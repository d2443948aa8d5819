"""What every call shares on the wire: envelope, error table, paging, names, ids and times.

Called by the routes and by the slices that define errors. Knows no endpoint and no table.
"""
