"""The Chinese word of every term that code names in English, and how days, money and names are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), 'CST')  # a fixed offset: Windows brings no time zone table

LEVELS: Mapping[int, str] = {5: '五级', 4: '四级', 3: '三级', 2: '二级', 1: '一级'}
LEVEL_NAMES: Mapping[int, str] = {5: '初级工', 4: '中级工', 3: '高级工', 2: '技师', 1: '高级技师'}
COLOURS: Mapping[str, str] = {'green': '绿色', 'blue': '蓝色', 'red': '红色', 'dark_brown': '深棕色', 'dark_red': '深红色'}
SUBJECTS: Mapping[str, str] = {'theory': '理论', 'practical': '实操', 'comprehensive': '综合评审'}
SUBJECT_LETTERS: Mapping[str, str] = {'theory': 'L', 'practical': 'S', 'comprehensive': 'Z'}  # on paper packets
ORGANIZATIONS: Mapping[str, str] = {
    'employer': '用人单位',
    'social_training_org': '社会培训评价组织',
    'technical_school': '技工院校',
    'technical_school_own_students': '技工院校（本校学生）',
    'technical_school_society': '技工院校（社会人员）',
    'centre': '职业技能鉴定（指导）中心',
}
DOCUMENTS: Mapping[str, str] = {
    'resident_id': '居民身份证',
    'hk_macao_permit': '港澳居民来往内地通行证',
    'taiwan_permit': '台湾居民来往大陆通行证',
    'hk_macao_residence': '港澳居民居住证',
    'taiwan_residence': '台湾居民居住证',
    'foreigner_residence': '外国人永久居留身份证',
    'passport': '护照',
    'military': '军官证/士兵证',
    'temporary_id': '临时居民身份证',
}
MARKS: Mapping[str, str] = {'absent': '缺考', 'cancelled': '违纪取消', 'exempt': '免考（成绩保留）', 'not_taken': '未参加'}
SEXES: Mapping[str, str] = {'male': '男', 'female': '女'}
CARDS: Mapping[str, str] = {'senior_examiner': '高级考评员', 'examiner': '考评员', 'supervisor': '质量督导员'}
SEVERITIES: Mapping[str, str] = {'block': '不符合', 'warn': '提醒', 'remind': '提示'}


def level_word(level: int) -> str:
    """Return a level as certificates print it: 3 → 三级/高级工 (VAL-06)."""
    return f'{LEVELS[level]}/{LEVEL_NAMES[level]}'


def level_digits(levels: Iterable[int]) -> str:
    """Return levels as filing tables print them, from low to high: 5、4、3."""
    return '、'.join(str(level) for level in sorted(set(levels), reverse=True))


def level_words(levels: Iterable[int]) -> str:
    """Return levels as filing letters print them, from low to high: 五级、四级、三级."""
    return '、'.join(LEVELS[level] for level in sorted(set(levels), reverse=True))


def china_time(instant: datetime) -> datetime:
    """Return an instant as China time; an instant without a time zone is our mistake (ValueError)."""
    if instant.tzinfo is None:
        raise ValueError('an instant needs its time zone')
    return instant.astimezone(CHINA)


def paper_date(day: date) -> str:
    """Return a day as papers print it: 2026年1月5日."""
    return f'{day.year}年{day.month}月{day.day}日'


def paper_month(day: date) -> str:
    """Return the month of a day as papers print it: 2026年1月."""
    return f'{day.year}年{day.month}月'


def paper_term(starts_on: date, ends_on: date) -> str:
    """Return a term as papers print it: 2025年3月17日至2028年3月16日."""
    return f'{paper_date(starts_on)}至{paper_date(ends_on)}'


def screen_date(day: date) -> str:
    """Return a day as screens show it: 2026-01-05."""
    return f'{day:%Y-%m-%d}'


def screen_clock(instant: datetime) -> str:
    """Return the China time of an instant: 14:08."""
    return f'{china_time(instant):%H:%M}'


def screen_moment(instant: datetime) -> str:
    """Return an instant in China time: 2026-01-05 14:08."""
    return f'{china_time(instant):%Y-%m-%d %H:%M}'


def money(fen: int) -> str:
    """Return an amount in 元 with two decimals: 1512000 → 15,120.00元, -50 → -0.50元."""
    yuan, rest = divmod(abs(fen), 100)
    return f'{"-" if fen < 0 else ""}{yuan:,}.{rest:02d}元'


def hundredths_text(hundredths: int) -> str:
    """Return a measure held in hundredths without needless zeros: 99990 → 999.9, 6800000 → 68000 (m², 元)."""
    whole, rest = divmod(hundredths, 100)
    return f'{whole}.{rest:02d}'.rstrip('0') if rest else str(whole)


def score_text(tenths: int) -> str:
    """Return a score held in tenths as papers print it: 665 → 66.5, 650 → 65."""
    whole, rest = divmod(tenths, 10)
    return f'{whole}.{rest}' if rest else str(whole)


def name_key(name: str) -> str:
    """Return what puts names in pinyin order: 曾乙 → 'zeng1 yi3'; stored beside the name, as reading takes time."""
    return ' '.join(_readings(name))


def name_initials(name: str) -> str:
    """Return the letters a name is searched by: 曾乙 → 'zy'; a character that pinyin does not know stays as it is."""
    return ''.join(reading[0] for reading in _readings(name))


def _readings(name: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # 0.3 s, so only where a name is saved

    family = next((name[:length] for length in (2, 1) if name[:length] in _SURNAMES), '')
    words = name.removeprefix(family).replace('·', ' ').lower().split()
    return [*_SURNAMES.get(family, '').split(), *(reading for word in words for reading in lazy_pinyin(word, style=Style.TONE3))]


# Surnames read unlike the ordinary word, or bent by pypinyin where the next character makes a word of them.
_SURNAMES: Mapping[str, str] = {
    '曾': 'zeng1', '单': 'shan4', '仇': 'qiu2', '查': 'zha1', '区': 'ou1', '解': 'xie4', '乐': 'yue4', '翟': 'zhai2', '朴': 'piao2', '盖': 'ge3',
    '任': 'ren2', '华': 'hua4', '燕': 'yan1', '应': 'ying1', '缪': 'miao4', '冼': 'xian3', '洗': 'xian3', '召': 'shao4', '佘': 'she2', '折': 'she2',
    '黑': 'he4', '秘': 'bi4', '繁': 'po2', '员': 'yun4', '郇': 'xun2', '种': 'chong2', '覃': 'qin2', '谌': 'chen2', '葛': 'ge3', '隗': 'wei3',
    '乜': 'nie4', '祭': 'zhai4', '能': 'nai4', '那': 'na1', '车': 'che1', '晁': 'chao2', '逄': 'pang2', '曲': 'qu1', '过': 'guo1', '哈': 'ha3',
    '沈': 'shen3', '贾': 'jia3', '臧': 'zang1', '藏': 'zang1', '柏': 'bai3', '薄': 'bo2', '牟': 'mu4', '冯': 'feng2', '石': 'shi2', '郗': 'xi1',
    '阚': 'kan4', '宓': 'mi4', '相': 'xiang4', '撒': 'sa3', '晟': 'cheng2', '恽': 'yun4', '句': 'gou1', '钭': 'tou3', '盛': 'sheng4', '谷': 'gu3',
    '都': 'du1', '贲': 'ben1', '仉': 'zhang3', '占': 'zhan1',
    '尉迟': 'yu4 chi2', '万俟': 'mo4 qi2', '长孙': 'zhang3 sun1', '单于': 'chan2 yu2', '澹台': 'tan2 tai2', '令狐': 'ling2 hu2', '夏侯': 'xia4 hou2',
    '鲜于': 'xian1 yu2', '宰父': 'zai3 fu3', '皇甫': 'huang2 fu3', '尉': 'wei4',
}
