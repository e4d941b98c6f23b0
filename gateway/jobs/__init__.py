"""JOBS: what happens without being asked for.

Owns: the bill run, and the ticker that starts it, wakes watchers when their day begins and clears away what is past its time;
the outbox runner, and hints from and to other processes.
Owns not: what is due or what it costs (billing), how it is written (store), when the process starts and ends (server).

Invariants
* Several processes may do all of this at once: each thing is done once, and nobody waits for another.
* Everything here may be killed at any point and run again: it then does what is left.
* One account's fault never keeps others from being served.
* Time is decided by the clock that is handed in; waiting is only a way not to look at it all the time.
"""
