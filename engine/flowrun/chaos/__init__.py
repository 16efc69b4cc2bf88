"""`flowrun chaos`: kill a flow at every point at which it changes the disk, and see what becomes of it.

A **step** is one change of the disk (`points`, `mortality`); a **life** is one run, in a process of its own (`life`,
`child`); a **trial** is a life that is killed and those that come after it (`trial`), in a **scratch** folder, with a
**world** to work on (`scratch`, `world`, `boundary`). A **witness** knows what was committed (`witness`), and two
**undisturbed** runs say how it should end (`undisturbed`). The **campaign** makes all trials (`campaign`, `workers`),
and comes to **findings** (`findings`).
"""
