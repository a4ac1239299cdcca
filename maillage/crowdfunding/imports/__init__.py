"""Campaigns from outside: files (CSV, XLSX, JSONL) and feeds of platforms. One way in: rows of text, then the form of the office."""
