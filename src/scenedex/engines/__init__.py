"""Perception behind ports: each folder holds one port, its engines and a fake.

Stages of an analysis feed frames in and get `timeline` types out. Engines know no database, queue, HTTP,
settings or decoder: they see frames and what their constructor was given.
"""
