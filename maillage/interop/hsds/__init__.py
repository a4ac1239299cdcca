"""HSDS 3 (Open Referral): the French profile, our sheets in its words, the addresses under /hsds/."""
