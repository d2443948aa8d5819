"""Questions about the scenes of a workspace, and answers that cite them.

Clients ask and read the answer. A worker searches for passages that may answer, and the selected engine makes sentences
of them, each with its citations. The package does not know how an engine does that.
"""
