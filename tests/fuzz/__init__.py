"""Fuzzing: whatever people write must give a value or the error that names their mistake, soon.

`python -m tests.fuzz [--minutes N] [--seed S] [TARGET…]` makes inputs from grammars and from the seeds of the
conformance tables, the pages and the flows, and mutates them. What fails is made small and kept in `seeds.json`, which
`test_seeds` tries in every run of the tests. A target is one module of `targets`.
"""
