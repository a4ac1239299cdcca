"""The guide of aids of the Région Île-de-France."""
