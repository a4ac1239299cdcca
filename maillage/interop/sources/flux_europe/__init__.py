"""European calls, from the feed of a desk."""
