"""Looking in from outside: what can be asked of a flow, who answers, and the Unix socket of a running one.

`Answering` answers requests about a subject: a `RunningFlow`, whose engine thread is asked to look and to change, or a
`StoppedFlow`, filled from its state directory. `ControlServer` and `ControlClient` put a socket in between.
"""
