"""Deprecated paths of the vendor, served until January 2027: aliases of today's calls, and nothing else.

Called by the application. Source: api-contract, deprecated paths.
"""

from scenedex.legacy import analyses, assets, persons, searches, video_analyses

routes = [*assets.routes, *analyses.routes, *video_analyses.routes, *persons.routes, *searches.routes]
