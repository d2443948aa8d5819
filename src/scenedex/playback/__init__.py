"""How an asset plays in browsers: the original, or a proxy that a job makes of it.

Called by the API process for an asset's `playback` and `media`, and by workers for proxies. Only the job of a proxy
opens media, in a limited child process.
"""
