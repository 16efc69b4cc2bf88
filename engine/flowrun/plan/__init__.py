"""What one flow file changes against another, in words: `plan_of(old, new)` compares two graphs, and runs nothing.

`renaming` recognises processors that only have another name; `components`, `settings`, `routes` and `declarations` find
the changes; `reach` says which hosts and paths can be reached; `queues` what becomes of queued flowfiles.
"""
