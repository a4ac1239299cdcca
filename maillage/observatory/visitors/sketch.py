"""How many different things were seen, from a few kilobytes that hold none of them: a HyperLogLog sketch. No Django.

Each thing is a 64-bit hash. Its first 12 bits choose one of 4,096 registers, which keeps the longest run of zeros that the other 52 began with.
Two sketches merge by the larger of each register, whatever the order and however often: what one process saw and what another saw is
what both saw. The estimate is Ertl's (« New cardinality estimation algorithms for HyperLogLog sketches », 2017, algorithm 6): no table of
corrections, right from nothing to billions.
"""

from __future__ import annotations

from math import inf, log, sqrt

PRECISION = 12
REGISTERS = 1 << PRECISION
_BITS = 64 - PRECISION
#: Standard error of an estimate, as a share of the true number: two estimates of three are closer than that.
STANDARD_ERROR = 1.04 / sqrt(REGISTERS)
_ALPHA = 1 / (2 * log(2))


class Sketch:
    """What was seen, as registers (one byte each)."""

    __slots__ = ("registers",)

    def __init__(self, registers: bytes | None = None) -> None:
        if registers is not None and len(registers) != REGISTERS:
            raise ValueError(f"a sketch has {REGISTERS} registers, not {len(registers)}")
        self.registers = bytearray(REGISTERS) if registers is None else bytearray(registers)

    def add(self, hashed: int) -> None:
        """See a 64-bit hash. Seeing it again changes nothing."""
        at = hashed >> _BITS
        rank = _BITS + 1 - (hashed & ((1 << _BITS) - 1)).bit_length()
        if rank > self.registers[at]:
            self.registers[at] = rank

    def merge(self, other: bytes) -> None:
        """See all that another sketch saw, given as its registers."""
        if len(other) != REGISTERS:
            raise ValueError(f"a sketch has {REGISTERS} registers, not {len(other)}")
        self.registers = bytearray(map(max, self.registers, other))

    def estimate(self) -> int:
        """About how many different hashes were seen."""
        counts = [0] * (_BITS + 2)
        for rank in self.registers:
            counts[rank] += 1
        if counts[0] == REGISTERS:
            return 0
        if counts[_BITS + 1] == REGISTERS:  # as many as there are hashes
            return 2**64
        total = REGISTERS * _tau((REGISTERS - counts[_BITS + 1]) / REGISTERS)
        for rank in range(_BITS, 0, -1):
            total = 0.5 * (total + counts[rank])
        total += REGISTERS * _sigma(counts[0] / REGISTERS)
        return round(_ALPHA * REGISTERS * REGISTERS / total)


def _sigma(x: float) -> float:
    """Correction for registers that saw nothing."""
    if x == 1:
        return inf
    y, z = 1.0, x
    while True:
        x *= x
        before, z, y = z, z + x * y, y + y
        if z == before:
            return z


def _tau(x: float) -> float:
    """Correction for registers that can hold no more."""
    if x in (0, 1):
        return 0.0
    y, z = 1.0, 1 - x
    while True:
        x = sqrt(x)
        before, y = z, y * 0.5
        z -= (1 - x) ** 2 * y
        if z == before:
            return z / 3
