"""Photos that people hand in: JPEG or PNG by content, measured before decoding, written anew without metadata."""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar
from zipfile import ZipFile, ZipInfo

from app.errors import Refused
from app.findings import Finding
from app.intake import kind_of
from app.zips import entry_name, is_plain_file, opened_zip, pieces, shown_name

if TYPE_CHECKING:
    from PIL.Image import Image

Key = TypeVar('Key', bound=Hashable)

PIXELS = 40_000_000
OUTPUT_BYTES = 150 << 10
SIGHT_PX = 2560  # longer side of a picture of rooms and machines: small print on a plate can be read
SCAN_PX = 3508  # longer side of a scanned paper: A4 at 300 dots an inch stays as it is
QUALITIES = (88, 80, 70, 60, 45, 30)  # the first that keeps OUTPUT_BYTES; noise needs the last ones
NEAR_WHITE = 225  # median of each colour along the upper edges, 0 to 255
JPEG_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # start of frame markers
TURNS = {2: 'FLIP_LEFT_RIGHT', 3: 'ROTATE_180', 4: 'FLIP_TOP_BOTTOM', 5: 'TRANSPOSE', 6: 'ROTATE_270', 7: 'TRANSVERSE', 8: 'ROTATE_90'}
SIDEWAYS = {'TRANSPOSE', 'ROTATE_270', 'TRANSVERSE', 'ROTATE_90'}


@dataclass(frozen=True, slots=True)
class PhotoRule:
    """Size of the photo that is kept (pixels), of the file that is taken (bytes), and how far its ratio may lie off (share).

    The defaults are the format that codes.md §10 proposes for 二寸; no regulation fixes them.
    """

    width_px: int = 413
    height_px: int = 579
    min_bytes: int = 40 << 10
    max_bytes: int = 2 << 20
    ratio_tolerance: float = 0.03


PHOTO_RULE = PhotoRule()


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as kept: JPEG of exactly the rule's size; width and height are those handed in, upright; findings are warnings."""

    jpeg: bytes
    width: int
    height: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Matched(Generic[Key]):
    """One photo of a ZIP that found its person."""

    key: Key
    name: str
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class PhotoMatches(Generic[Key]):
    """What became of a ZIP: each file and each wanted person stands in one place.

    missing: keys without a photo · unknown: names without a wanted number · doubled: {key: names}, none of them taken
    refused: (name, sentence) of photos that cannot be used; their persons are missing too
    """

    matched: list[Matched[Key]] = field(default_factory=list)
    missing: list[Key] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    doubled: dict[Key, list[str]] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)


def read_photo(data: bytes, name_shown: str, rule: PhotoRule = PHOTO_RULE) -> Photo:
    """Return the photo upright, cropped to the rule's ratio, in its size, at most 150 KB, without metadata.

    data: the file as uploaded · name_shown: its name, text to show only
    returns warnings for a small file or picture, another ratio and a background that is not near white
    raises Refused for what is no single JPEG or PNG, too large, or damaged
    source: codes.md §10
    """
    from PIL import ImageOps

    name = shown_name(name_shown)
    _check_header(data, name, rule)
    upright, width, height = _decoded(data, name, rule)
    kept = ImageOps.fit(upright, (rule.width_px, rule.height_px))
    kept.info.clear()  # comment, profile and whatever else would be written with it
    findings = [Finding('', 'warn', name, sentence) for sentence in _warnings(len(data), width, height, kept, name, rule)]
    return Photo(_jpeg(kept), width, height, tuple(findings))


def written_anew(data: bytes, name_shown: str, *, max_bytes: int, side_px: int) -> bytes:
    """Return a picture as JPEG: upright, at most side_px along its longer side, without place, device or any other metadata.

    raises Refused as `read_photo`
    """
    name, rule = shown_name(name_shown), PhotoRule(height_px=side_px // 2, max_bytes=max_bytes)
    _check_header(data, name, rule)
    upright, _, _ = _decoded(data, name, rule)
    upright.thumbnail((side_px, side_px))
    upright.info.clear()
    out = BytesIO()
    upright.save(out, 'JPEG', quality=QUALITIES[0], optimize=True)
    return out.getvalue()


def read_photo_zip(
    path: Path, wanted: Mapping[str, Key], *, name_shown: str, keep: Callable[[Key, Photo], None],
    progress: Callable[[int, int], None] = lambda done, total: None, rule: PhotoRule = PHOTO_RULE,
) -> PhotoMatches[Key]:
    """Match the photos of a ZIP to persons by the ID number within each name; one photo is in memory at a time.

    wanted: {ID number: key of the person} · keep: takes each photo as it is read · progress: photos done, photos in all
    raises Refused when the ZIP as a whole cannot be read
    source: codes.md §10; security.md, What comes in
    """
    zip_name = shown_name(name_shown)
    keys = {_folded(number): key for number, key in wanted.items()}
    matches: PhotoMatches[Key] = PhotoMatches()
    with path.open('rb') as file:
        if not (start := file.read(4096)).startswith(b'PK'):
            raise Refused(f'“{zip_name}”不是ZIP压缩包，实际是{kind_of(start)}。请把照片压缩成.zip后再上传。')
        with opened_zip(file, zip_name) as packed:
            chosen = _chosen(packed, keys, matches)
            for done, (number, info, name) in enumerate(chosen, 1):
                try:
                    photo = read_photo(_entry(packed, info, name, rule), name, rule)
                except Refused as fault:
                    matches.refused.append((name, fault.sentence))
                else:
                    keep(keys[number], photo)
                    matches.matched.append(Matched(keys[number], name, photo.findings))
                progress(done, len(chosen))
    placed = {*(match.key for match in matches.matched), *matches.doubled}
    matches.missing = [key for key in keys.values() if key not in placed]
    return matches


def _chosen(packed: ZipFile, keys: Mapping[str, Key], matches: PhotoMatches[Key]) -> list[tuple[str, ZipInfo, str]]:
    """Return number, entry and shown name of each photo to read; note the unknown, the doubled and the unclear."""
    found: dict[str, list[tuple[str, ZipInfo, str]]] = {}
    for info in filter(is_plain_file, packed.infolist()):
        text = entry_name(info)
        name, numbers = shown_name(text), _numbers_in(text) & keys.keys()
        if len(numbers) > 1:
            matches.refused.append((name, f'“{name}”的文件名含有两个人的证件号码，请改名后再上传。'))
        elif numbers:
            found.setdefault(number := numbers.pop(), []).append((number, info, name))
        else:
            matches.unknown.append(name)
    matches.doubled.update({keys[number]: [name for _, _, name in files] for number, files in found.items() if len(files) > 1})
    return [files[0] for files in found.values() if len(files) == 1]


def _numbers_in(text: str) -> set[str]:
    """Return what may be an ID number in a name: every 18 characters of that form, and whole runs of letters and digits (passports)."""
    folded = _folded(text)
    return {*re.findall(r'(?=([0-9]{17}[0-9X]))', folded), *re.findall(r'[0-9A-Z]+', folded)}


def _folded(text: str) -> str:
    return unicodedata.normalize('NFKC', text).strip().upper()


def _entry(packed: ZipFile, info: ZipInfo, name: str, rule: PhotoRule) -> bytes:
    """Return a photo's bytes, no more than are needed to see that it is too large."""
    data = bytearray()
    for piece in pieces(packed, info, name):
        data += piece
        if len(data) > rule.max_bytes:
            break
    return bytes(data)


def _check_header(data: bytes, name: str, rule: PhotoRule) -> None:
    """Refuse by content and by the sizes the header states, before anything is decoded."""
    if not data.startswith((b'\xff\xd8\xff', b'\x89PNG\r\n\x1a\n')):
        raise Refused(f'“{name}”不是JPG或PNG照片，实际是{kind_of(data)}。请另存为JPG后再上传。')
    if len(data) > rule.max_bytes:
        raise Refused(f'照片“{name}”超过{rule.max_bytes / (1 << 20):.3g}MB，请缩小后再上传。')
    width, height = _stated_size(data)
    if width * height > PIXELS:
        raise Refused(f'照片“{name}”为{width:,}×{height:,}像素，超过{PIXELS // 10_000:,}万像素，不能接收。请缩小后再上传。')
    if not width * height:
        raise Refused(_broken(name))


def _stated_size(data: bytes) -> tuple[int, int]:
    """Return width and height from the header of a PNG or JPEG, (0, 0) when there is none."""
    if data.startswith(b'\x89PNG'):
        return struct.unpack('>LL', data[16:24]) if data[12:16] == b'IHDR' and len(data) >= 24 else (0, 0)
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        if data[at + 1] in JPEG_SIZES:
            height, width = struct.unpack_from('>HH', data, at + 5)
            return width, height
        at += 1 if data[at + 1] == 0xFF else 2 + int.from_bytes(data[at + 2:at + 4], 'big')
    return 0, 0


def _decoded(data: bytes, name: str, rule: PhotoRule) -> tuple[Image, int, int]:
    """Return the picture upright in RGB, large JPEGs already reduced, and its true width and height."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=('JPEG', 'PNG')) as image:
            many = getattr(image, 'n_frames', 1) > 1
            width, height = image.size
            if not many and width * height <= PIXELS:
                turn = TURNS.get(_orientation(image))
                image.draft('RGB', (2 * rule.height_px, 2 * rule.height_px))
                upright = _on_white(image)
                if turn:
                    upright = upright.transpose(Image.Transpose[turn])
                return upright, *((height, width) if turn and turn in SIDEWAYS else (width, height))
    except Exception as error:  # a decoder fails in many ways on a damaged file; all mean the same to the person
        raise Refused(_broken(name)) from error
    raise Refused(f'照片“{name}”含有多幅画面（动图或多页图），不能接收。请另存为普通的JPG后再上传。' if many else _broken(name))


def _orientation(image: Image) -> int:
    """Return how the camera was held by EXIF, 1 for upright and for damaged EXIF."""
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:  # any damage of metadata that is thrown away next
        return 1


def _on_white(image: Image) -> Image:
    """Return RGB; transparent places become white, 16-bit greys become 8-bit."""
    from PIL import Image

    if image.mode.startswith('I'):
        image = image.point(lambda value: value / 256).convert('L')
    if image.has_transparency_data:
        layer = image.convert('RGBA')
        white = Image.new('RGBA', layer.size, 'white')
        return Image.alpha_composite(white, layer).convert('RGB')
    return image.convert('RGB')


def _warnings(size: int, width: int, height: int, kept: Image, name: str, rule: PhotoRule) -> Iterator[str]:
    if size < rule.min_bytes:
        yield f'照片“{name}”只有{size / 1024:.0f}KB，少于{rule.min_bytes >> 10}KB，可能不清晰，请核对或换一张。'
    if width < rule.width_px or height < rule.height_px:
        yield f'照片“{name}”为{width}×{height}像素，小于{rule.width_px}×{rule.height_px}，打印会模糊，请换一张。'
    if abs(width * rule.height_px / (height * rule.width_px) - 1) > rule.ratio_tolerance:
        yield f'照片“{name}”为{width}×{height}像素，不是二寸照的宽高比，已从中间裁切，请核对头像是否完整。'
    if not _is_near_white(kept):
        yield f'照片“{name}”的背景不像白色，请核对；按要求应为白底。'


def _is_near_white(image: Image) -> bool:
    """Judge the upper edges only: shoulders fill the lower ones."""
    from PIL import ImageStat

    width, height = image.size
    side, top, low = width // 16, height // 25, height * 2 // 5
    edges = ((0, 0, width, top), (0, 0, side, low), (width - side, 0, width, low))
    return all(min(ImageStat.Stat(image.crop(edge)).median) >= NEAR_WHITE for edge in edges)


def _jpeg(image: Image) -> bytes:
    for quality in QUALITIES:
        out = BytesIO()
        image.save(out, 'JPEG', quality=quality, optimize=True, dpi=(300, 300))
        if out.tell() <= OUTPUT_BYTES:
            break
    return out.getvalue()


def _broken(name: str) -> str:
    return f'照片“{name}”已损坏或不完整，无法打开。请用看图软件另存为JPG后再上传。'
