"""Somebody's data: what there is, taken away, erased, forgotten after two years; the ledger that a restored backup replays."""
