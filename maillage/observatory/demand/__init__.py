"""What was asked: searches counted from their records, and what may be published of them."""
