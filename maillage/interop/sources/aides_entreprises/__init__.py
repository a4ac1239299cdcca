"""aides-entreprises.fr: the national base of public aids for firms, kept by the chambers of trades (CMA France, ISM)."""
