"""Wire format common to all calls: envelope, error table, paging, names, ids and times.

Called by the routes and by the slices that define errors. Knows no endpoint and no table.
"""
