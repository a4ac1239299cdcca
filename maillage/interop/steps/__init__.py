"""From what a producer gives to what visitors read: raw (kept) → cleaned → mapped → proposed → published.

Each step is a module and reads only what the one before wrote (docs/algorithms/sources.md).
"""
