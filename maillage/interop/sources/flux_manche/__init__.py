"""The guide of aids of the Manche."""
