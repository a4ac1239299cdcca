"""The royalty simulator: a share of turnover paid each quarter. Pure decimal arithmetic, no Django: docs/algorithms/royalties.md."""
