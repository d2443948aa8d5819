"""The console: the page on which people work, and its sessions.

`static` has the built page, which `page_routes` serves. `session_routes` signs users in and out. All else that the page
does are calls of the API.
"""
