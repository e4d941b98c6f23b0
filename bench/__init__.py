"""BENCH: what things cost in time, measured beside something to compare with in the same run.

Owns: figures, and how to repeat them. Owns not: tests; nothing here passes or fails.
"""
