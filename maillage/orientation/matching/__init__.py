"""Matching: sets of offers in, verdicts with reasons out. Pure: no SQL, no request (see docs/algorithms/matching.md).

- `whereabouts` what contains the commune, and which zonings hold there;
- `conditions` three-valued comparison of a free condition with the facts known;
- `selection` results and near misses as sets of positions of the index;
- `facets` exact disjunctive counts, and which filter to drop when nothing is left;
- `question` the one question that would settle the most results;
- `explanation` one offer against a situation, point by point, in words.
"""
