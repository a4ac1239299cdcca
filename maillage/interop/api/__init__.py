"""The public API, version 1: everything public, as JSON, for everybody (docs/guides/api.md)."""
