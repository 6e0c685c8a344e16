r"""The draw of experts that anybody can repeat with SHA-256 alone (可复核的专家抽取).

1. Write the seed as it was published.
2. For each code of the pool that is not recused, take SHA-256 over the UTF-8 bytes of
   ``seed``, a line feed, and the code; write it as 64 lower-case hexadecimal digits.
3. Sort the codes by these digits; the first ``count`` are drawn.

On a terminal: ``printf '%s\n%s' "$seed" "$code" | sha256sum``.
"""

import hashlib
from collections.abc import Collection


def ticket(seed: str, code: str) -> str:
    return hashlib.sha256(f"{seed}\n{code}".encode()).hexdigest()


def replay_draw(
    seed: str, pool: Collection[str], recusals: Collection[str], count: int
) -> list[str]:
    """Return the drawn codes in the order of the draw; fewer where the pool is too small.

    The order in which the pool is written does not matter, nor do codes written twice.
    """
    free = set(pool) - set(recusals)
    return sorted(free, key=lambda code: (ticket(seed, code), code))[:count]
