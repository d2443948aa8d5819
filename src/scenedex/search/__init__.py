"""Search: where is the moment when …, over the scenes of a workspace.

Called by clients, who ask and come back for the hits, and by workers, which find them. It reads what an index wrote of
its scenes and must not know how an index comes to be.
"""
