"""An edit of a flow that runs: what it changes is exchanged, all else goes on, or the edit is refused as a whole.

`sameness` says what an edit leaves as it is, `merge` makes one graph of what stays and what comes, and `Reload` brings
that into the running flow, piece by piece on its engine thread. None of it is stored: what runs after a crash is what
the file says then.
"""
