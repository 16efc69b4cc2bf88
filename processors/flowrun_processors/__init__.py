"""The processors that come with flowrun; they enter by the same door as a plug-in's: the entry points of `flowrun.processors`."""
