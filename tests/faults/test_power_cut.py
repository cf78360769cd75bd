"""Power cuts: everything not synced may be gone, reordered or torn; what was acknowledged must stand in every image."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.images import Disk, steps
from tests.faults.judge import Verdict, judge
from tests.faults.killing import start
from tests.faults.prepared import copied

SEED = 20261021
IMAGES = 300
pytestmark = pytest.mark.skipif(sys.platform != 'linux', reason='the recorder uses LD_PRELOAD and /proc of Linux')
Image = tuple[dict[str, bytes], list[str], str]  # the files, what was acknowledged by then, where it was cut


@pytest.fixture(scope='module')
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which('gcc'):
        assert not os.environ.get('CI'), 'gcc is needed for the power-cut images'
        pytest.skip('gcc is not installed')
    made = tmp_path_factory.mktemp('recorder') / 'rec.so'
    subprocess.run(['gcc', '-shared', '-fPIC', '-O2', '-o', made, Path(__file__).with_name('rec.c'), '-ldl'], check=True)
    return made


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory where there is one: an image lives for a moment."""
    with tempfile.TemporaryDirectory(prefix='dingji-', dir='/dev/shm' if os.access('/dev/shm', os.W_OK) else None) as folder:
        yield Path(folder)


def recorded(recorder: Path, prepared: Path, folder: Path, workload: str, *options: str) -> Callable[[int], Iterator[Image]]:
    """Record a workload to its end; returns a maker of images cut at random moments."""
    folder = copied(prepared, folder).resolve()
    data, log = folder / 'data', folder / 'record'
    process = start(folder, workload, SEED, *options, LD_PRELOAD=str(recorder), FAULT_DIR=str(data), FAULT_LOG=str(log))
    process.communicate(timeout=300)
    assert process.returncode == 0
    told = list(steps(log, data))

    def images(count: int) -> Iterator[Image]:
        dice, disk, at = random.Random(SEED), Disk.of(prepared / 'data'), 0
        for cut in sorted(dice.choices(range(len(told) + 1), k=count)):
            for step in told[at:cut]:
                disk.step(step)
            at = cut
            yield disk.after_a_cut(dice), list(disk.acks), f'cut before step {cut} of {len(told)}'

    return images


def database_verdict(image: Image, prepared: Path, folder: Path) -> Verdict:
    files, acks, _ = image
    (folder / 'data').mkdir(parents=True)
    for name in ('plan.json', 'data-keys'):
        (folder / name).symlink_to(prepared / name)
    for path, content in files.items():
        if path.startswith('dingji.db') and not path.endswith('-shm'):
            (folder / 'data' / path).write_bytes(content)
    verdict = judge(folder, acks)
    shutil.rmtree(folder)
    return verdict


def test_full_keeps_every_acknowledged_work_in_every_image(recorder: Path, prepared_small: Path, tmp_path: Path, memory: Path) -> None:
    images = recorded(recorder, prepared_small, tmp_path / 'full', 'both', 'checkpoints')
    acks: list[str] = []
    for image in images(IMAGES):
        verdict, acks = database_verdict(image, prepared_small, memory / 'image'), image[1]
        assert not verdict, f'seed {SEED}, {image[2]}: {verdict}'
    print(f'\npower cut, synchronous=FULL: {IMAGES} images of {len(acks)} works with checkpoints, 0 lost')
    assert sum(line.startswith('batch') for line in acks) == 6


def test_the_control_with_normal_loses(recorder: Path, prepared_small: Path, tmp_path: Path, memory: Path) -> None:
    images = recorded(recorder, prepared_small, tmp_path / 'normal', 'both', 'checkpoints', 'normal')
    verdicts = [database_verdict(image, prepared_small, memory / 'image') for image in images(60)]
    lost = sum(bool(verdict.lost) for verdict in verdicts)
    print(f'\npower cut, control with synchronous=NORMAL: 60 images, {lost} lost something acknowledged')
    assert lost > 0


def stored_faults(image: Image) -> tuple[list[str], list[str]]:
    """Return the acknowledged files that are missing, and the files that are not what their name says."""
    whole = {path.rsplit('/', 1)[-1]: hashlib.sha256(content).hexdigest() for path, content in image[0].items() if path.startswith('files/')}
    kept = {name: digest for name, digest in whole.items() if not name.startswith('.')}
    return [line for line in image[1] if line.split()[1] not in kept], [name for name, digest in kept.items() if name != digest]


def test_an_acknowledged_file_is_whole_in_every_image(recorder: Path, prepared_small: Path, tmp_path: Path) -> None:
    images = recorded(recorder, prepared_small, tmp_path / 'stored', 'storing')
    for image in images(200):
        assert stored_faults(image) == ([], []), f'seed {SEED}, {image[2]}'
    print('\npower cut, kept files: 200 images, 0 lost, 0 torn')


def test_the_control_without_sync_loses_files(recorder: Path, prepared_small: Path, tmp_path: Path) -> None:
    images = recorded(recorder, prepared_small, tmp_path / 'unsynced', 'storing', 'unsynced')
    faults = [stored_faults(image) for image in images(60)]
    lost, torn = sum(bool(lost) for lost, _ in faults), sum(bool(torn) for _, torn in faults)
    print(f'\npower cut, control without fsync: 60 images, {lost} lost a file, {torn} held a torn one')
    assert lost > 0
    assert torn > 0
