"""Benchmarks: `python -m tests.benchmarks [NAME…] [--write]`, or `make bench` for all of them.

Nothing here passes or fails. A benchmark measures a figure of flowrun beside a peer or a limit, in the same run on the
same machine, because the figure alone says little: machines differ, and so do hours of the day on a shared one.

    figure          what was measured, beside what, and the number it should reach
    catalogue       which benchmarks there are; each is a module with `measure() -> Iterator[Figure]`
    table           figures as text, and as the tables of docs/performance.md
    flows           small processors, and flows made of them
    running         one flow on the real engine, timed
    apart           work in a process of its own, so that its memory is its own
"""
