"""Perception behind ports. Each folder has one task: its port, its engines with their declarations, and a fake.

`registry` knows all engines, those of installed packages included. `selection` applies the settings to them. Stages of
an analysis open engines by `loader` and feed them frames, stills or samples. Engines know no database, queue, settings
or decoder. They load libraries in their own modules only and start no program. Only `catalog.pulling` uses the network.
"""
