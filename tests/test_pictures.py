"""Photos from outside: what is kept of them, and that no hostile one harms or passes (codes.md §10; security.md, What comes in)."""

from __future__ import annotations

import io
import re
import struct
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.errors import Refused
from app.pictures import Photo, PhotoMatches, PhotoRule, read_photo, read_photo_zip
from tests import make_bad_files as bad
from tests.spent import computing_s

FIRST, SECOND, THIRD = '990101199112031381', '990101200211172687', '99010319960708201X'  # 赵甲子, 钱乙丑, 庞路旁
WANTED = {FIRST: 'a', SECOND: 'b', THIRD: 'c'}


def opened(photo: Photo) -> Image.Image:
    return Image.open(io.BytesIO(photo.jpeg))


def warned(data: bytes) -> list[str]:
    return [finding.sentence for finding in read_photo(data, '甲.jpg').findings]


def in_chinese(sentence: str) -> bool:
    return sentence.endswith('。') and not re.search('[A-Za-z]{5,}', sentence)


@pytest.mark.parametrize(('kind', 'mode'), [('JPEG', 'RGB'), ('JPEG', 'CMYK'), ('JPEG', 'L'), ('PNG', 'RGB'), ('PNG', 'P'), ('PNG', 'RGBA'), ('PNG', '1')])
def test_photo_is_kept_as_one_small_jpeg_of_413_by_579(kind: str, mode: str) -> None:
    photo = read_photo(bad.portrait(kind=kind, mode=mode), '甲')
    image = opened(photo)
    assert (image.format, image.mode, image.size, photo.width, photo.height) == ('JPEG', 'RGB', (413, 579), 826, 1158)
    assert len(photo.jpeg) <= 150 * 1024
    assert [finding.sentence for finding in photo.findings if '背景' in finding.sentence] == []


def test_good_photo_has_no_findings() -> None:
    assert warned(bad.portrait(quality=95)) == []


def test_same_photo_gives_the_same_bytes() -> None:
    assert read_photo(bad.portrait(), '甲').jpeg == read_photo(bad.portrait(), '乙').jpeg


def test_even_noise_is_kept_within_150_kb() -> None:
    assert len(read_photo(bad.noise_photo(), '甲').jpeg) <= 150 * 1024


def test_metadata_is_dropped() -> None:
    exif = Image.Exif()
    exif[0x010E] = 'SECRET PLACE'
    photo = read_photo(bad.portrait(exif=exif, comment=b'SECRET WORD', icc_profile=b'SECRET PROFILE' * 20), '甲')
    assert b'SECRET' not in photo.jpeg and not opened(photo).getexif()


def test_photo_taken_sideways_stands_upright() -> None:
    image = Image.new('RGB', (579, 413), 'white')
    image.paste('black', (0, 0, 100, 413))  # left edge; held as orientation 6 says, it is the top
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, 'JPEG', exif=exif)
    photo = read_photo(out.getvalue(), '甲')
    upright = opened(photo)
    assert (photo.width, photo.height) == (413, 579)
    assert upright.getpixel((206, 20)) == (0, 0, 0) and upright.getpixel((206, 560)) == (255, 255, 255)


def test_transparent_ground_becomes_white() -> None:
    image = Image.new('RGBA', (413, 579), (0, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, 'PNG')
    assert opened(read_photo(out.getvalue(), '甲')).getpixel((200, 200)) == (255, 255, 255)


def test_sixteen_bit_grey_keeps_its_brightness() -> None:
    image = Image.new('I;16', (413, 579), 0xC000)
    out = io.BytesIO()
    image.save(out, 'PNG')
    assert opened(read_photo(out.getvalue(), '甲')).getpixel((200, 200)) == (192, 192, 192)


@pytest.mark.parametrize(('data', 'said'), [
    (bad.portrait(412, 579, quality=100), '小于413×579'),
    (bad.portrait(900, 900), '不是二寸照的宽高比，已从中间裁切'),
    (bad.portrait(1158, 826), '不是二寸照的宽高比'),
    (bad.portrait(ground='steelblue'), '背景不像白色'),
    (bad.portrait(quality=1), '少于40KB'),
])
def test_doubtful_photo_is_kept_with_a_warning(data: bytes, said: str) -> None:
    sentences = warned(data)
    assert [said in sentence and in_chinese(sentence) for sentence in sentences].count(True) == 1, sentences


@pytest.mark.parametrize(('width', 'count'), [(826, 0), (802, 0), (850, 0), (800, 1), (852, 1)])
def test_ratio_may_lie_off_by_three_percent(width: int, count: int) -> None:
    assert sum('宽高比' in sentence for sentence in warned(bad.portrait(width, 1158))) == count


def test_crop_is_taken_from_the_centre() -> None:
    image = Image.new('RGB', (1239, 579), 'red')
    image.paste('white', (413, 0, 826, 579))
    out = io.BytesIO()
    image.save(out, 'PNG')
    assert [opened(read_photo(out.getvalue(), '甲')).getpixel((x, 300)) for x in (5, 206, 407)] == [(255, 255, 255)] * 3


def test_size_and_limits_are_those_of_the_rule_given() -> None:
    photo = read_photo(bad.portrait(), '甲', PhotoRule(width_px=295, height_px=413, min_bytes=1))
    assert opened(photo).size == (295, 413) and photo.findings == ()
    with pytest.raises(Refused, match='超过0.00977MB'):
        read_photo(bad.portrait(), '甲', PhotoRule(max_bytes=10 << 10))


@pytest.mark.parametrize(('build', 'said'), [
    (bad.huge_png_header, '20,000×20,000像素，超过4,000万像素'),
    (bad.huge_jpeg_header, '20,000×20,000像素，超过4,000万像素'),
    (lambda: bad.huge_png_header(40_000_001, 1), '超过4,000万像素'),
    (lambda: bad.huge_png_header(0, 5), '已损坏'),
    (lambda: bad.huge_png_header(400, 600), '已损坏'),
    (lambda: bad.animated('GIF'), '实际是GIF图片'),
    (lambda: bad.portrait(kind='BMP'), '实际是BMP图片'),
    (lambda: bad.portrait(kind='WEBP'), '实际是WEBP图片'),
    (lambda: bad.portrait(kind='TIFF'), '实际是TIFF图片'),
    (lambda: b'\0\0\0\x18ftypheic', '实际是HEIC图片'),
    (lambda: b'<svg onload="alert(1)"/>', '实际是网页、SVG'),
    (lambda: bad.roster(), '实际是ZIP压缩包或Office文档'),
    (lambda: b'', '实际是空文件'),
    (lambda: bad.portrait()[:20_000], '已损坏或不完整'),
    (lambda: bad.portrait()[:30], '已损坏或不完整'),
    (lambda: bad.portrait(kind='PNG')[:20_000], '已损坏或不完整'),
    (lambda: bad.animated('PNG'), '含有多幅画面'),
    (lambda: bad.animated('MPO'), '含有多幅画面'),
    (bad.text_bomb_png, '已损坏或不完整'),
    (lambda: bad.portrait() + bytes(3 << 20), '超过2MB'),
])
def test_bad_photo_is_refused_with_its_own_sentence(build: Callable[[], bytes], said: str) -> None:
    data = build()
    start = computing_s()
    with pytest.raises(Refused, match=re.escape(said)) as refused:
        read_photo(data, '../../照片.jpg')
    assert computing_s() - start < 5
    assert '“照片.jpg”' in refused.value.sentence and in_chinese(refused.value.sentence.replace('Office', ''))


def test_overlarge_photo_is_refused_without_decoding() -> None:
    data = bad.huge_png_header()
    tracemalloc.start()
    with pytest.raises(Refused):
        read_photo(data, '甲')
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


def test_huge_exif_is_thrown_away() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        photo = read_photo(bad.huge_exif_jpeg(), '甲')
    assert opened(photo).size == (413, 579) and len(photo.jpeg) <= 150 * 1024


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 30_000), st.binary(min_size=1, max_size=40), st.sampled_from(['JPEG', 'PNG']))
def test_damaged_photo_is_read_or_refused(at: int, patch: bytes, kind: str) -> None:
    data = bytearray(bad.portrait(413, 579, kind=kind))
    data[at:at + len(patch)] = patch
    try:
        assert opened(read_photo(bytes(data), '甲')).size == (413, 579)
    except Refused as refused:
        assert refused.sentence.endswith('。')


def matches(tmp_path: Path, data: bytes) -> tuple[PhotoMatches[str], list[str]]:
    """Return what became of a ZIP, and the keys whose photos were kept."""
    (tmp_path / 'photos').write_bytes(data)
    kept: list[str] = []
    return read_photo_zip(tmp_path / 'photos', WANTED, name_shown='照片.zip', keep=lambda key, photo: kept.append(key)), kept


def zip_refusal(tmp_path: Path, data: bytes) -> str:
    start = computing_s()
    with pytest.raises(Refused) as refused:
        matches(tmp_path, data)
    assert computing_s() - start < 5 and '“照片.zip”' in refused.value.sentence
    return refused.value.sentence


def test_each_file_and_each_person_is_accounted_for(tmp_path: Path) -> None:
    found, kept = matches(tmp_path, bad.photo_zip([
        (f'{FIRST}.jpg', bad.portrait(quality=95)), (f'甲/{SECOND}.jpg', bad.portrait()), (f'乙/{SECOND}.png', bad.portrait()), ('合影.jpg', bad.portrait())]))
    assert [(match.key, match.name, match.findings) for match in found.matched] == [('a', f'{FIRST}.jpg', ())]
    assert (found.missing, found.unknown, found.doubled, found.refused) == (['c'], ['合影.jpg'], {'b': [f'{SECOND}.jpg', f'{SECOND}.png']}, [])
    assert kept == ['a']


@pytest.mark.parametrize('name', [
    f'{THIRD}.jpg', f'{THIRD.lower()}.JPG', f'庞路旁_{THIRD}.jpg', f'庞路旁{THIRD}（1）.jpg', f'001{THIRD}.jpg', f'../../{THIRD}.jpg', f'C:\\{THIRD}.jpg',
    f'庞路旁{THIRD}.jpg'.encode('gb18030'), f'庞路旁{THIRD}.jpg'.encode(), f'乗\\{THIRD}.jpg'.encode('gb18030'), f'{"长" * 60}{THIRD}{"长" * 60}.jpg'])
def test_any_name_containing_the_number_matches(tmp_path: Path, name: str | bytes) -> None:
    found, kept = matches(tmp_path, bad.photo_zip([(name, bad.portrait())]))
    assert kept == ['c'] and not found.unknown and len(found.matched[0].name) <= 60


def test_number_in_a_folder_name_does_not_match(tmp_path: Path) -> None:
    assert matches(tmp_path, bad.photo_zip([(f'{FIRST}/照片.jpg', bad.portrait())]))[0].unknown == ['照片.jpg']


def test_gbk_names_are_shown_in_chinese(tmp_path: Path) -> None:
    assert matches(tmp_path, bad.photo_zip([('合影.jpg'.encode('gb18030'), b'')]))[0].unknown == ['合影.jpg']


def test_nothing_is_written_wherever_a_name_points(tmp_path: Path) -> None:
    (tmp_path / 'in').mkdir()
    matches(tmp_path / 'in', bad.photo_zip([(f'../{FIRST}.jpg', bad.portrait()), ('../合影.jpg', b'x')]))
    assert sorted(path.name for path in tmp_path.rglob('*')) == ['in', 'photos']


def test_name_with_two_numbers_is_refused(tmp_path: Path) -> None:
    found, kept = matches(tmp_path, bad.photo_zip([(f'{FIRST}_{SECOND}.jpg', bad.portrait())]))
    assert kept == [] and found.missing == ['a', 'b', 'c'] and '两个人' in found.refused[0][1]


def test_passport_number_matches_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / 'z').write_bytes(bad.photo_zip([('张三e12345678.jpg', bad.portrait()), ('E123456789.jpg', bad.portrait())]))
    found = read_photo_zip(tmp_path / 'z', {'E12345678': 1}, name_shown='z', keep=lambda key, photo: None)
    assert ([match.key for match in found.matched], found.unknown) == ([1], ['E123456789.jpg'])


def test_links_folders_and_system_files_are_passed_over(tmp_path: Path) -> None:
    data = bad.photo_zip([('甲/', b''), (f'__MACOSX/._{FIRST}.jpg', b'x'), (f'._{FIRST}.jpg', b'x'), ('Thumbs.db', b'x')], link=f'{SECOND}.jpg')
    found, kept = matches(tmp_path, data)
    assert (kept, found.matched, found.unknown, found.refused, found.missing) == ([], [], [], [], ['a', 'b', 'c'])


def test_bad_photo_in_a_zip_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    found, kept = matches(tmp_path, bad.photo_zip([
        (f'{FIRST}.jpg', bad.huge_png_header()), (f'{SECOND}.jpg', bad.portrait() + bytes(3 << 20)), (f'{THIRD}.jpg', bad.portrait())]))
    assert (kept, found.missing) == (['c'], ['a', 'b'])
    assert [(name, said in sentence) for (name, sentence), said in zip(found.refused, ('4,000万像素', '超过2MB'), strict=True)] == [
        (f'{FIRST}.jpg', True), (f'{SECOND}.jpg', True)]


def test_overlarge_entry_is_not_read_whole(tmp_path: Path) -> None:
    (tmp_path / 'z').write_bytes(bad.photo_zip([(f'{FIRST}.jpg', bad.portrait() + bytes(40 << 20))]))
    tracemalloc.start()
    found = read_photo_zip(tmp_path / 'z', WANTED, name_shown='z', keep=lambda key, photo: None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert '超过2MB' in found.refused[0][1] and peak < 12 << 20


def test_damaged_entry_is_refused_by_name(tmp_path: Path) -> None:
    data = bytearray(bad.photo_zip([(f'{FIRST}.jpg', bad.portrait())]))
    data[5000:5010] = bytes(10)
    found, kept = matches(tmp_path, bytes(data))
    assert kept == [] and [name for name, _ in found.refused] == [f'{FIRST}.jpg']


@pytest.mark.parametrize(('build', 'said'), [
    (lambda: bad.encrypted_zip(bad.photo_zip([('a.jpg', b'x')])), '设有密码'),
    (bad.zip_bomb, '可能是压缩炸弹'),
    (bad.zip_bomb_of_many_parts, '解压后超过100MB'),
    (bad.long_directory, '内的文件超过1,000个'),
    (bad.thousand_parts, '超过1,000个'),
    (lambda: b'Rar!\x1a\x07', '实际是RAR压缩包'),
    (lambda: b'PK\3\4', '已损坏'),
    (lambda: b'', '实际是空文件'),
])
def test_bad_zip_is_refused_as_a_whole(tmp_path: Path, build: Callable[[], bytes], said: str) -> None:
    assert said in zip_refusal(tmp_path, build())


def test_zip_that_lies_about_a_photo_is_refused_by_name(tmp_path: Path) -> None:
    photo = bad.portrait()
    data = bad.photo_zip([(f'{FIRST}.jpg', photo)]).replace(struct.pack('<2L', len(photo), len(photo)), struct.pack('<2L', len(photo), 1000))
    found, kept = matches(tmp_path, data)
    assert kept == [] and '目录与内容不一致' in found.refused[0][1]


def test_progress_counts_the_photos_to_read(tmp_path: Path) -> None:
    (tmp_path / 'z').write_bytes(bad.photo_zip([(f'{FIRST}.jpg', bad.portrait()), (f'{SECOND}.jpg', b''), ('合影.jpg', b'')]))
    seen: list[tuple[int, int]] = []
    read_photo_zip(tmp_path / 'z', WANTED, name_shown='z', keep=lambda key, photo: None, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_memory_stays_flat_over_many_photos(tmp_path: Path) -> None:
    photo = bad.portrait(quality=95)
    wanted = {f'99010119900101{number:04d}': number for number in range(150)}
    (tmp_path / 'z').write_bytes(bad.photo_zip([(f'{number}.jpg', photo) for number in wanted]))
    tracemalloc.start()
    found = read_photo_zip(tmp_path / 'z', wanted, name_shown='z', keep=lambda key, photo: None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found.matched) == 150 and peak < 6 << 20 < len(photo) * 150
