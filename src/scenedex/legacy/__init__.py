"""Deprecated paths of the vendor, served until January 2027: a table of older paths and the current calls behind them.

Called by the application. Source: api-contract, deprecated paths.
"""

from scenedex.legacy.routes import routes as routes
