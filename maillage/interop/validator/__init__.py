"""Is this file right? Maillage JSONL, our tables, data.inclusion: errors by field with their lines, advice, a score. Nothing is kept."""
