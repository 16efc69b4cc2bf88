"""What each key of a flow file means, in a line: what an editor shows beside it."""

from collections.abc import Mapping

Meanings = Mapping[str, str]

FLOW_MEANINGS: Meanings = {
    "flow": "The flow's name, of a-z, 0-9 and '-': it names the state directory, the metrics and the log lines.",
    "description": "What the flow is for.",
    "parameters": "Values that come from outside, used as #{name}.",
    "sensitive_attributes": "Attributes that are masked wherever a person looks.",
    "controller_services": "What processors share, by name.",
    "processors": "The steps of the flow, by name.",
    "connections": "The queues between processors: SOURCE -- RELATIONSHIP --> DESTINATION.",
    "fsync": "How much of the latest work survives a power cut: commit (all), group (up to the last sync), none.",
    "history": "How much is kept of what happened, and of contents that only history needs; off: nothing.",
    "on_dead_letter": "Who is told when flowfiles become dead letters: a command, a processor of the flow, or both.",
    "cron": "How CRON expressions read a bare day of the week: quartz (1 is Sunday) or spring (1 is Monday).",
}

ON_DEAD_LETTER_MEANINGS: Meanings = {
    "command": "A program and its arguments, started without a shell; it reads about the dead letters as JSON.",
    "every": "The shortest time between two starts of the command; what happens meanwhile is told together.",
    "time_limit": "How long the command may take, before it is ended.",
    "processor": "A processor of this flow that gets a copy of each dead letter, with its cause as attributes.",
}

HISTORY_MEANINGS: Meanings = {
    "size": "At most so many bytes, at most half of them contents; the oldest goes first.",
    "age": "At most so long.",
}

PARAMETER_MEANINGS: Meanings = {
    "value": "The value, if nothing else gives one.",
    "env": "The environment variable that holds it; an empty one counts as unset.",
    "file": "The file that holds it; one that does not exist counts as unset.",
    "sensitive": "true: never printed, logged, stored or shown.",
    "description": "What it is for.",
}

PROCESSOR_MEANINGS: Meanings = {
    "type": "Which processor type this is.",
    "properties": "The type's properties, by name.",
    "dynamic": "Properties whose names you choose, and that are meant even if they resemble one of the type's.",
    "rules": "What is done where conditions hold, for types that take rules; they are tried in this order.",
    "schedule": "When it is triggered; without it, its type decides.",
    "concurrent_tasks": "How many threads may run it at once.",
    "run_duration": "How long one session may go on taking flowfiles.",
    "penalty_duration": "How long a penalized flowfile waits.",
    "yield_duration": "How long the processor waits after it yielded.",
    "bulletin_level": "From which level on its messages become bulletins.",
    "retry": "Relationships that are tried again before they are followed.",
    "auto_terminate": "Relationships whose flowfiles end here: they are done.",
    "dead_letter": "Relationships whose flowfiles are kept for a person, and counted.",
    "replay": "refuse: nothing that this processor was given may be given to it again by hand.",
    "sensitive_content": "true: the content of what it sends on is never shown.",
    "execution": "On every node, or on one of them.",
    "comment": "A text for the reader.",
    "enabled": "false: it is not started, and its queues fill.",
}

RULE_MEANINGS: Meanings = {
    "name": "What the rule is called; it is told which one matched.",
    "conditions": "Expressions that are true or false; the rule matches where all are true.",
    "actions": "What each attribute is set to, by its name: text with expressions.",
}

SERVICE_MEANINGS: Meanings = {
    "type": "Which type of controller service this is.",
    "properties": PROCESSOR_MEANINGS["properties"],
    "dynamic": PROCESSOR_MEANINGS["dynamic"],
    "comment": PROCESSOR_MEANINGS["comment"],
}

SCHEDULE_MEANINGS: Meanings = {
    "every": "So often, counted from the start; 0 sec: again as soon as it is done.",
    "cron": "At the times of a CRON expression: second, minute, hour, day of month, month, day of week.",
    "time_zone": "The zone in which cron is meant; the machine's, if not said.",
    "overlap": "skip: a trigger is left out while a flowfile that descends from this source is still in the flow.",
}

RETRY_MEANINGS: Meanings = {
    "relationships": "Which relationships.",
    "attempts": "How often it is tried again.",
    "backoff": "Who waits: the flowfile (penalize) or the processor (yield).",
    "max_backoff": "The longest wait; it doubles from the penalty duration on.",
}

CONNECTION_MEANINGS: Meanings = {
    "from": "The processor that the flowfiles come from.",
    "relationships": "By which relationships; the only one, if there is one only.",
    "to": "The processor that they go to.",
    "back_pressure": "How full the queue may get before the source waits.",
    "expiration": "The age at which a flowfile is dropped; 0 sec: never.",
    "prioritizers": "In which order flowfiles leave the queue; the later ones break ties.",
}

BACK_PRESSURE_MEANINGS: Meanings = {
    "objects": "So many flowfiles; 0: any number.",
    "size": "So many bytes; 0 B: any number.",
}
