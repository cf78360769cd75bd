"""`python -m app bench [name …]`: prints every figure of design §7 beside its pass mark; exit code 1 when one is missed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from time import perf_counter

from tests.bench import certificates, imports, lists, matrix, pages, papers, start
from tests.bench.measuring import Figure

BENCHES: dict[str, Callable[[], Iterator[Figure]]] = {
    'certificates': certificates.run, 'import': imports.run, 'list': lists.run, 'matrix': matrix.run, 'pages': pages.run, 'papers': papers.run, 'start': start.run}


def main(names: list[str]) -> int:
    """Run the named benchmarks, all without a name; return the exit code."""
    if unknown := set(names) - BENCHES.keys():
        print(f'没有性能对比“{"、".join(sorted(unknown))}”，只有：{"、".join(BENCHES)}', file=sys.stderr)
        return 2
    begun, missed = perf_counter(), []
    for name in names or BENCHES:
        for figure in BENCHES[name]():
            print(figure, flush=True)
            if figure.missed:
                missed.append(figure.job)
    print(f'{perf_counter() - begun:.0f} s, {f"{len(missed)} missed" if missed else "all held"}')
    return 1 if missed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
