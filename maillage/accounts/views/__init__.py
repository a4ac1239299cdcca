"""Pages of accounts: signing in, the second factor, « Mon compte », the identity provider."""
