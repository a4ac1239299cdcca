"""What the catalogue held, month by month: what opened, what closed."""
