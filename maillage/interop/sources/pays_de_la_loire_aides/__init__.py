"""The aids of the Région Pays de la Loire, from its open data."""
