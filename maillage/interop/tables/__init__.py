"""Sheets as tables that people open: CSV, XLSX and GeoJSON, with French headings and a codebook."""
