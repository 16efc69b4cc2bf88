"""The processors that come with flowrun.

They enter by the same door as a plug-in's: the entry points of the group `flowrun.processors`.
"""
