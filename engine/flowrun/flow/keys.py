"""Every key that a flow file may hold, the kind of its value, and the words that NiFi's users may try first.

The order of the keys is the one that `flowrun fmt` gives them.
"""

from collections.abc import Mapping

from msgspec import Struct

from flowrun.flow.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode


class Key(Struct, frozen=True):
    """What the value of a key must be, and an example of one; `or_word`: one word may stand there instead."""

    kind: type[Node]
    example: str
    or_word: bool = False


Keys = Mapping[str, Key]

FLOW_KEYS: Keys = {
    "flow": Key(ScalarNode, "my-flow"),
    "description": Key(ScalarNode, "What the flow is for."),
    "fsync": Key(ScalarNode, "group"),
    "cron": Key(ScalarNode, "quartz"),
    "history": Key(MappingNode, "{size: 1 GB, age: 30 days}", or_word=True),
    "on_dead_letter": Key(MappingNode, "{command: [mail-the-team]}"),
    "parameters": Key(MappingNode, "{input_directory: {value: data/in}}"),
    "sensitive_attributes": Key(SequenceNode, "[access_token]"),
    "controller_services": Key(MappingNode, "{token: {type: OAuth2AccessTokenProvider}}"),
    "processors": Key(MappingNode, "{get-files: {type: GetFile}}"),
    "connections": Key(SequenceNode, "[get-files -- success --> save-files]"),
}

HISTORY_KEYS: Keys = {
    "size": Key(ScalarNode, "1 GB"),
    "age": Key(ScalarNode, "30 days"),
}

ON_DEAD_LETTER_KEYS: Keys = {
    "command": Key(SequenceNode, "[mail-the-team, --urgent]"),
    "every": Key(ScalarNode, "10 sec"),
    "time_limit": Key(ScalarNode, "30 sec"),
    "processor": Key(ScalarNode, "tell-the-team"),
}

PARAMETER_KEYS: Keys = {
    "value": Key(ScalarNode, "data/in"),
    "env": Key(ScalarNode, "INPUT_DIRECTORY"),
    "file": Key(ScalarNode, "/run/secrets/token"),
    "sensitive": Key(ScalarNode, "true"),
    "description": Key(ScalarNode, "What it is for."),
}

PROCESSOR_KEYS: Keys = {
    "type": Key(ScalarNode, "GetFile"),
    "comment": Key(ScalarNode, "Why it is there."),
    "enabled": Key(ScalarNode, "true"),
    "execution": Key(ScalarNode, "all"),
    "schedule": Key(MappingNode, "{every: 5 sec}"),
    "properties": Key(MappingNode, "{Input Directory: data/in}"),
    "dynamic": Key(MappingNode, "{X-Name: value}"),
    "rules": Key(SequenceNode, "[{name: large, conditions: ['${fileSize:gt(1000)}'], actions: {size: large}}]"),
    "concurrent_tasks": Key(ScalarNode, "1"),
    "run_duration": Key(ScalarNode, "25 ms"),
    "yield_duration": Key(ScalarNode, "1 sec"),
    "bulletin_level": Key(ScalarNode, "WARN"),
    "retry": Key(MappingNode, "{relationships: [failure], attempts: 3}"),
    "penalty_duration": Key(ScalarNode, "30 sec"),
    "sensitive_content": Key(ScalarNode, "true"),
    "auto_terminate": Key(SequenceNode, "[success]"),
    "dead_letter": Key(SequenceNode, "[failure]"),
    "replay": Key(ScalarNode, "refuse"),
}

RULE_KEYS: Keys = {
    "name": Key(ScalarNode, "large"),
    "conditions": Key(SequenceNode, "['${fileSize:gt(1000)}']"),
    "actions": Key(MappingNode, "{size: large}"),
}

SERVICE_KEYS: Keys = {
    "type": Key(ScalarNode, "OAuth2AccessTokenProvider"),
    "comment": Key(ScalarNode, "Why it is there."),
    "properties": Key(MappingNode, "{Grant Type: Refresh Token}"),
    "dynamic": Key(MappingNode, "{FORM.audience: api}"),
}

SCHEDULE_KEYS: Keys = {
    "every": Key(ScalarNode, "5 sec"),
    "cron": Key(ScalarNode, '"0 0/10 * * * ?"'),
    "time_zone": Key(ScalarNode, "Europe/London"),
    "overlap": Key(ScalarNode, "skip"),
}

RETRY_KEYS: Keys = {
    "relationships": Key(SequenceNode, "[failure]"),
    "attempts": Key(ScalarNode, "3"),
    "backoff": Key(ScalarNode, "penalize"),
    "max_backoff": Key(ScalarNode, "10 min"),
}

CONNECTION_KEYS: Keys = {
    "from": Key(ScalarNode, "get-files"),
    "relationships": Key(SequenceNode, "[success]"),
    "to": Key(ScalarNode, "save-files"),
    "back_pressure": Key(MappingNode, "{objects: 10000, size: 1 GB}"),
    "expiration": Key(ScalarNode, "0 sec"),
    "prioritizers": Key(SequenceNode, "[FirstInFirstOut]"),
}

BACK_PRESSURE_KEYS: Keys = {
    "objects": Key(ScalarNode, "10000"),
    "size": Key(ScalarNode, "1 GB"),
}

RESERVED_KEYS = frozenset(
    ("process_groups", "permissions", "tests"),
)

FAMILIAR_WORDS: Mapping[str, tuple[str, ...]] = {
    "name": ("flow", "from"),
    "when": ("conditions",),
    "if": ("conditions",),
    "then": ("actions",),
    "set": ("actions",),
    "parametercontext": ("parameters",),
    "params": ("parameters",),
    "variables": ("parameters",),
    "default": ("value",),
    "environment": ("env",),
    "secret": ("sensitive",),
    "class": ("type",),
    "config": ("properties",),
    "configuration": ("properties",),
    "settings": ("properties",),
    "scheduling": ("schedule",),
    "runschedule": ("schedule",),
    "schedulingperiod": ("schedule",),
    "schedulingstrategy": ("schedule",),
    "period": ("every",),
    "interval": ("every",),
    "timezone": ("time_zone",),
    "concurrentlyschedulabletaskcount": ("concurrent_tasks",),
    "maxconcurrenttasks": ("concurrent_tasks",),
    "rundurationmillis": ("run_duration",),
    "penalty": ("penalty_duration",),
    "yield": ("yield_duration",),
    "autoterminatedrelationships": ("auto_terminate",),
    "autoterminaterelationships": ("auto_terminate",),
    "terminate": ("auto_terminate",),
    "deadletters": ("dead_letter",),
    "retriedrelationships": ("retry", "relationships"),
    "retrycount": ("retry", "attempts"),
    "retries": ("retry", "attempts"),
    "backoffmechanism": ("backoff",),
    "maxbackoffperiod": ("max_backoff",),
    "executionnode": ("execution",),
    "scheduledstate": ("enabled",),
    "disabled": ("enabled",),
    "comments": ("comment",),
    "source": ("from",),
    "destination": ("to",),
    "target": ("to",),
    "relationship": ("relationships",),
    "selectedrelationships": ("relationships",),
    "backpressureobjectthreshold": ("back_pressure", "objects"),
    "backpressuredatasizethreshold": ("back_pressure", "size"),
    "objectthreshold": ("back_pressure", "objects"),
    "datasizethreshold": ("back_pressure", "size"),
    "flowfileexpiration": ("expiration",),
    "provenance": ("history",),
    "retention": ("history", "age"),
    "maxstoragesize": ("size",),
    "maxstoragetime": ("age",),
    "prioritizer": ("prioritizers",),
}
