"""What the author of a flow wrote: the flow file read into a value, every mistake with its place.

`load_flow` gives the `FlowDefinition`, `resolve_parameters` the values of its parameters, `resolve_settings` what it
says about schedules, retries and queues as typed values.
"""

from flowrun.flow.definition import FlowDefinition, LoadedFlow
from flowrun.flow.loader import load_flow
from flowrun.flow.parameters import resolve_parameters
from flowrun.flow.settings import FlowSettings, resolve_settings

__all__ = ["FlowDefinition", "FlowSettings", "LoadedFlow", "load_flow", "resolve_parameters", "resolve_settings"]
