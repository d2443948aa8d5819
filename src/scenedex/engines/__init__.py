"""Perception behind ports: each folder holds one port, its engines and a fake; `catalog` holds weights to download.

Stages of an analysis feed frames, stills or samples in and get findings out. Engines know no database, queue, settings
or decoder, load their libraries in their own modules only, and start no program; only `catalog.pulling` uses the
network.
"""
