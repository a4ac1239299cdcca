"""Requests for contact (« mise en relation »): from what a holder writes to somebody who answers."""
