"""The public catalogue for assistants: a read-only server of the Model Context Protocol (docs/guides/mcp.md)."""
