"""Reconciling rows, objects, jobs and folders: nothing is lost, duplicated or left behind.

Called by an operator's command on a running system. It changes nothing unless it is asked to repair, and then only what
follows from rows.
"""
