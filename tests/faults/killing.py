"""A child at work, killed at a moment that a seed decides."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.faults.prepared import copied

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Killed:
    """One kill: the folder it left and the lines acknowledged before it; code is that of the process."""

    folder: Path
    seed: int
    moment: str
    acks: list[str]
    code: int


def start(folder: Path, workload: str, seed: int, *options: str, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, '-m', 'tests.faults.child', str(folder), workload, str(seed), *options],
        cwd=ROOT, stdout=subprocess.PIPE, env=os.environ | environment)


def kill(folder: Path, workload: str, seed: int, *options: str, acks: int, wait_s: float, least: int = 0) -> Killed:
    """Kill the child after a random number of acknowledgements, `least` to below `acks`, and a random wait up to `wait_s`."""
    dice = random.Random(seed)
    after, pause = dice.randrange(least, acks), dice.uniform(0, wait_s)
    process = start(folder, workload, seed, *options)
    assert process.stdout
    lines = [process.stdout.readline() for _ in range(after + 1)]  # the first says that it is ready
    time.sleep(pause)
    process.kill()
    lines += process.stdout.readlines()
    process.stdout.close()
    said = [line.decode().strip() for line in lines if line.endswith(b'\n')]
    return Killed(folder, seed, f'{after} acknowledged + {pause * 1000:.1f} ms', said[1:], process.wait())


def kills(prepared: Path, to: Path, workload: str, seeds: Sequence[int], *options: str, acks: int, wait_s: float) -> Iterator[Killed]:
    """Kill one child per seed, each in a copy of the folder, two at a time."""

    def one(seed: int) -> Killed:
        return kill(copied(prepared, to / f'{workload}-{seed}'), workload, seed, *options, acks=acks, wait_s=wait_s)

    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(one, seeds)
