"""Public bases that flow in. One folder per source: what it is (`source.toml`), how to read it, what its words mean.

Steps, each reading only the one before: raw (kept as given) → cleaned → mapped → proposed → published (docs/algorithms/sources.md).
"""
