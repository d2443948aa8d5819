"""API process: an ASGI application on top of a platform.

Called by `scenedex serve`. Never imports a decoder or a model, as work on media is a job.
"""

from scenedex.app.application import create_app as create_app
