"""What the author of a flow wrote: the flow file read into a value, every mistake with its place."""
