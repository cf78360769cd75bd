"""Profiles: layers, refusals with file and line, overlays, and the figures that provinces differ in."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conditions import condition_set
from app.figures import YearDay
from app.layers import REGULATIONS, Layer, Place, lay_over, read_layer, tighten
from app.register import rules
from app.regulation import check_profiles, compare, label_of, layer_label, leaves, overlays, profile, profiles, word
from tests.shows import shows

EVERY = [(name, overlay) for name in profiles() for overlay in ('', *overlays())]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the regulations to spoil."""
    root = tmp_path / 'assets' / 'regulations'
    shutil.copytree(REGULATIONS, root)
    return root


def spoil(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text(encoding='utf-8')
    assert text.count(old) == 1
    (root / file).write_text(text.replace(old, new), encoding='utf-8')


def layer(name: str, tree: dict[str, object]) -> Layer:
    places: dict[tuple[object, ...], Place] = {}

    def walk(below: dict[str, object], path: tuple[object, ...]) -> None:
        for key, value in below.items():
            places[(*path, key)] = Place(name, name, 1)
            if isinstance(value, dict):
                walk(value, (*path, key))

    walk(tree, ())
    return Layer(name, name, '', '', tree, places)


def leaf(value: object, **more: object) -> dict[str, object]:
    return {'value': value, 'enforcement': 'warn', 'rule': 'CONV-01', **more}


def test_every_profile_with_every_overlay_loads() -> None:
    check_profiles()
    assert profiles() == ('demo', 'henan', 'hunan', 'national', 'xinjiang')
    assert overlays() == ('handbook',)


def test_unknown_key_refuses_with_file_and_line(house: Path) -> None:
    spoil(house, 'hunan.yaml', '  annual_change:', '  anual_change:')
    number = 1 + (house / 'hunan.yaml').read_text(encoding='utf-8').splitlines().index(
        '  anual_change: {value: refile_and_publish, enforcement: block, rule: PLAN-07}')
    with pytest.raises(ValueError, match=rf'^assets/regulations/hunan\.yaml:{number}: plan\.anual_change: unknown key$'):
        profile('hunan', root=house)


def test_missing_key_refuses_with_file_and_line_of_what_it_is_missing_in(house: Path) -> None:
    spoil(house, 'default.yaml', '  qr_mm: {value: 30, enforcement: compute, rule: CERT-08}\n', '')
    with pytest.raises(ValueError, match=r'^assets/regulations/default\.yaml:\d+: certificates\.qr_mm: missing key$'):
        profile('national', root=house)


def test_wrong_type_refuses_with_file_and_line(house: Path) -> None:
    spoil(house, 'henan.yaml', 'batch_lead_working_days: {value: 10,', "batch_lead_working_days: {value: '10',")
    with pytest.raises(ValueError, match=r'^assets/regulations/henan\.yaml:\d+: plan\.batch_lead_working_days\.value: Input should be a valid integer$'):
        profile('henan', root=house)


def test_unknown_rule_id_refuses_with_file_and_line(house: Path) -> None:
    spoil(house, 'henan.yaml', 'rule: PLAN-20,', 'rule: PLAN-99,')
    with pytest.raises(ValueError, match=r'henan\.yaml:\d+: plan\.batch_lead_working_days\.rule: .*PLAN-99 does not stand in assets/rules\.csv'):
        profile('henan', root=house)


def test_a_leaf_without_its_rule_refuses_with_file_and_line(house: Path) -> None:
    spoil(house, 'henan.yaml', 'enforcement: block, rule: PLAN-20, settles: C-32', 'enforcement: block')
    with pytest.raises(ValueError, match=r'^assets/regulations/henan\.yaml:\d+: plan\.batch_lead_working_days: missing rule$'):
        profile('henan', root=house)


def test_a_key_twice_refuses_with_file_and_line(house: Path) -> None:
    (house / 'hunan.yaml').write_text('label: 湖南\nextends: national\nextends: default\n', encoding='utf-8')
    with pytest.raises(ValueError, match=r'^assets/regulations/hunan\.yaml:3: extends stands twice$'):
        profile('hunan', root=house)


def test_broken_yaml_refuses_with_file_and_line(house: Path) -> None:
    (house / 'hunan.yaml').write_text('label: 湖南\nplan: {a: 1\nb: 2\n', encoding='utf-8')
    with pytest.raises(ValueError, match=r'^assets/regulations/hunan\.yaml:\d+: '):
        profile('hunan', root=house)


def test_an_unknown_profile_is_our_mistake() -> None:
    for name, overlay in (('default', ''), ('guangdong', ''), ('henan', 'none')):
        with pytest.raises(ValueError, match=f'no regulation profile {name}'):
            profile(name, overlay)


def test_null_means_no_such_limit_and_overrides_a_lower_layer() -> None:
    assert profile('national').rooms.candidates_max_per_room.value == 30
    assert profile('henan').rooms.candidates_max_per_room.value is None


def test_lists_replace_the_list_below() -> None:
    assert profile('national').staffing.avoidance.value == ('relative', 'own_class_pupil', 'acquaintance', 'teacher_pupil', 'master_apprentice')
    assert profile('henan').staffing.avoidance.value == ('relative', 'own_class_pupil', 'acquaintance')


def test_mappings_merge_key_by_key() -> None:
    tenth = profile('henan').codes.org.tenth
    assert (tenth.employer.value, tenth.social_training_org.value, tenth.technical_school.value) == ('0-8', None, '9')
    society = profile('henan').codes.org.technical_school.society.value
    assert society is not None and (society.letter, society.tenth) == ('S', None)  # tenth comes from the layer below


def test_a_reason_does_not_pass_to_the_layer_above() -> None:
    lower, upper = layer('default', {'a': leaf(1, because='why', stricter='higher')}), layer('henan', {'a': leaf(2)})
    assert lay_over(lower, upper).tree == {'a': leaf(2, stricter='higher')}


@given(st.recursive(st.integers(), lambda below: st.dictionaries(st.sampled_from('abc'), below, max_size=3), max_leaves=8))
def test_laying_a_layer_over_itself_changes_nothing(tree: object) -> None:
    held = layer('henan', {'root': tree})
    assert lay_over(held, held).tree == held.tree


@pytest.mark.parametrize(('below', 'above', 'laid'), [
    (leaf(30, stricter='higher'), 40, True), (leaf(30, stricter='higher'), 20, False), (leaf(30, stricter='lower'), 20, True),
    (leaf(30, stricter='lower'), 40, False), (leaf(None, stricter='lower'), 40, True), (leaf(30, stricter='lower'), None, False),
    (leaf(('a',), stricter='more'), ('a', 'b'), True), (leaf(('a', 'b'), stricter='more'), ('a',), False),
    (leaf('left', stricter='fixed'), 'right', False), (leaf('left'), 'left', True)])
def test_an_overlay_only_tightens_what_a_province_lays_down(below: dict[str, object], above: object, laid: bool) -> None:
    merged = tighten(layer('henan', {'a': below}), layer('handbook', {'a': leaf(above)}))
    assert merged.tree['a']['value'] == (above if laid else below['value'])
    assert merged.places['a', 'value'].layer == ('handbook' if laid else 'henan')


def test_an_overlay_does_not_weaken_what_happens() -> None:
    merged = tighten(layer('henan', {'a': leaf(30, stricter='higher')}), layer('handbook', {'a': {**leaf(40), 'enforcement': 'remind'}}))
    assert merged.tree['a']['enforcement'] == 'warn'


def test_an_overlay_replaces_a_proposal_freely() -> None:
    merged = tighten(layer('default', {'a': leaf(30, stricter='higher')}), layer('handbook', {'a': leaf(20)}))
    assert merged.tree['a'] == leaf(20, stricter='higher')


def test_an_overlay_whose_strictness_nobody_knows_refuses_with_file_and_line(house: Path) -> None:
    with (house / 'overlays' / 'handbook.yaml').open('a', encoding='utf-8') as file:
        file.write('\ncertificates:\n  cover_colours: {value: {5: red}, enforcement: compute, rule: CERT-09}\n')
    with pytest.raises(ValueError, match=r'^assets/regulations/overlays/handbook\.yaml:\d+: nothing says whether .* \(CERT-09\)$'):
        profile('henan', 'handbook', house)


def test_an_unknown_key_of_an_overlay_refuses_with_file_and_line(house: Path) -> None:
    spoil(house, 'overlays/handbook.yaml', 'notes_minutes_before', 'note_minutes_before')
    with pytest.raises(ValueError, match=r'^assets/regulations/overlays/handbook\.yaml:\d+: exam\.note_minutes_before: unknown key$'):
        profile('xinjiang', 'handbook', house)


def test_the_handbook_over_henan_keeps_the_corner_of_henan_and_its_own_stricter_minutes() -> None:
    held = profile('henan', 'handbook').exam
    assert (held.document_corner.value, held.early_leave_after_minutes.value) == ('upper_right', None)
    assert (held.practical_late.value, held.practical_late.comparator, held.practical_late.result) == (5, 'ge', 'item_lost')
    assert held.staff_minutes_before.value == 40


@pytest.mark.parametrize(('name', 'overlay'), EVERY)
def test_every_leaf_rests_on_a_rule_of_the_register(name: str, overlay: str) -> None:
    held = leaves(profile(name, overlay))
    assert len(held) > 350
    assert [row.path for row in held if row.rule not in rules() or (row.settles and row.settles not in rules()) or not row.clause] == []


@pytest.mark.parametrize('file', sorted([*REGULATIONS.glob('*.yaml'), *REGULATIONS.glob('overlays/*.yaml')]), ids=lambda file: file.stem)
def test_no_leaf_is_lost_between_file_and_profile(file: Path) -> None:
    held = read_layer(file)
    paths = {'.'.join(map(str, place[:-1])) for place in held.places if place[-1] == 'value'}
    known = {row.path for name, overlay in EVERY for row in leaves(profile(name, overlay))}
    assert paths - known == set()


def test_all_32_contradictions_are_settled_by_a_leaf() -> None:
    settled = {row.settles for name, overlay in EVERY for row in leaves(profile(name, overlay))} - {''}
    assert settled == {f'C-{n:02}' for n in range(1, 33)}


SETTLED: dict[str, tuple[str, str, object, str]] = {  # point of rules.md §29 → profile, figure, value, what happens
    'C-01': ('henan', 'filing.authority.social_training_org.otherwise', 'city', 'compute'),
    'C-02': ('henan', 'filing.materials.bound_order', ('application_letter', 'integrity_pledge', 'legal_person_certificate', 'leading_group_document',
                                                       'application_form', 'implementation_plan', 'certificate_specimen'), 'warn'),
    'C-03': ('xinjiang', 'persons.examiner.combine', 'or', 'block'),
    'C-04': ('xinjiang', 'persons.senior_examiner.examining_years', 2, 'block'),
    'C-05': ('henan', 'staffing.rotation.consecutive_scope', 'organization', 'compute'),
    'C-06': ('henan', 'persons.examiner_years_employed', 1, 'warn'),
    'C-07': ('henan', 'exam.theory_late', 30, 'block'),
    'C-08': ('henan', 'persons.dismissal.scope', 'term', 'compute'),
    'C-09': ('henan', 'persons.supervisor.combine', 'or', 'block'),
    'C-10': ('henan', 'exam.entry_minutes_before', 20, 'remind'),
    'C-11': ('henan', 'staffing.site.room_heads', 1, 'warn'),
    'C-12': ('henan', 'exam.phones', 'off_and_put_away', 'ledger'),
    'C-13': ('xinjiang', 'rooms.candidates_max_per_room', 30, 'block'),
    'C-14': ('xinjiang', 'scores.publicity_working_days', 5, 'block'),
    'C-15': ('xinjiang', 'data.deadline_shown_first', 'earlier', 'compute'),
    'C-16': ('national', 'data.physical_delete_allowed', False, 'block'),
    'C-17': ('national', 'filing.inactivity_reminder_months', 9, 'remind'),
    'C-18': ('national', 'items.bank', 'own_with_review', 'ledger'),
    'C-19': ('henan', 'violations.same_act_tier', 'national', 'compute'),
    'C-20': ('xinjiang', 'certificates.empty_work_type', '----', 'compute'),
    'C-21': ('henan', 'filing.premises.lease_years_min', 5, 'block'),
    'C-22': ('national', 'incidents.first_report_to', ('head_of_site', 'emergency_group', 'roving_inspector'), 'ledger'),
    'C-23': ('xinjiang', 'plan.annual_handed_in_due', YearDay(month=1, day=31, year_offset=0), 'remind'),
    'C-24': ('henan', 'violations.examiner_revocation_by', 'organization', 'ledger'),
    'C-25': ('xinjiang', 'scope.levels_from', 'filing', 'block'),
    'C-26': ('henan', 'persons.expert.examining_years', 1, 'warn'),
    'C-27': ('henan', 'filing.letter_recipient', 'receiving_body', 'compute'),
    'C-28': ('henan', 'persons.examiner.occupation_relation', 'related', 'block'),
    'C-29': ('hunan', 'archives.issued_list', 'forever', 'block'),
    'C-30': ('henan', 'filing.prohibited.breach_in_training_or_evaluation', True, 'block'),
    'C-31': ('xinjiang', 'staffing.examiners.per_candidate', (3, 5), 'warn'),
    'C-32': ('hunan', 'plan.batch_lead_working_days', 7, 'block')}


@shows(
    'C-01', 'C-02', 'C-03', 'C-04', 'C-05', 'C-06', 'C-07', 'C-08', 'C-09', 'C-10', 'C-11', 'C-12', 'C-13', 'C-14', 'C-15', 'C-16', 'C-17', 'C-18', 'C-19', 'C-20',
    'C-21', 'C-22', 'C-23', 'C-24', 'C-25', 'C-26', 'C-27', 'C-28', 'C-29', 'C-30', 'C-31', 'C-32')
def test_each_contradiction_is_settled_as_the_defaults_say() -> None:
    found = {}
    for point, (name, path, _, _) in SETTLED.items():
        leaf = next(row for row in leaves(profile(name)) if row.path == path)
        found[point] = (name, path, leaf.value, leaf.enforcement)
        assert leaf.settles == point
    assert found == SETTLED
    assert {profile(name).exam.theory_late.comparator for name in profiles()} == {'gt'}  # minute 30 itself is still admitted (C-07)
    assert profile('henan').plan.batch_lead_working_days.value == 10


@shows('CONV-15')
def test_a_figure_of_a_model_text_binds_the_organization() -> None:
    henan = profile('henan')
    assert henan.conventions.template_figures_bind.value is True
    assert (henan.plan.batch_lead_working_days.enforcement, henan.plan.batch_lead_working_days.rule) == ('block', 'PLAN-20')  # 实施方案, a model text


@shows('C-20')
def test_the_sign_of_an_empty_trade_is_settled_for_data_and_print() -> None:
    assert {profile(name).certificates.empty_work_type.value for name in profiles()} == {'----'}


@shows('C-14')
def test_publicity_has_a_limit_for_beginning_and_a_length() -> None:
    henan, xinjiang = profile('henan').scores, profile('xinjiang').scores
    assert (henan.publish_within_working_days.value, henan.publicity_working_days.value) == (10, 5)
    assert (xinjiang.publish_within_working_days.value, xinjiang.publicity_working_days.value) == (None, 5)


def test_the_demo_departs_from_henan_exactly_where_its_story_asks() -> None:
    said = {row.path: (row.value, row.rule) for row in leaves(profile('demo')) if row.origin_layer == 'demo'}
    due = profile('demo').plan.annual_due.value
    assert due is not None and (due.month, due.day, due.year_offset) == (12, 31, -1)
    assert said == {
        'codes.org.province': ('99', 'CERT-12'), 'codes.org.city_codes': ({'01': '明川市'}, 'CERT-13'), 'plan.annual_due': (due, 'PLAN-01'),
        'plan.batch_lead_working_days': (10, 'PLAN-20'), 'staffing.internal_supervisors_min': (3, 'STAFF-04'), 'video.upload_days': (3, 'VIDEO-06'),
        'scores.publicity_working_days': (5, 'SCORE-19'), 'scores.single_subject_validity_years': (1, 'SCORE-08'),
        'scores.comprehensive_after_others': (True, 'SCORE-06'), 'certificates.query_address': ('https://jndj.example/', 'CERT-07'),
        'certificates.organization_query_address': ('https://jndj.example/', 'CERT-08'), 'supervision.internal_report_days': (2, 'SUP-02'),
        'filing.authority.technical_school.otherwise': ('city', 'ORG-46'), 'filing.reply_working_days': (7, 'ORG-72'), 'filing.correction_working_days': (10, 'ORG-74'),
        'filing.received_on': ('correction_completed', 'ORG-74'), 'filing.capacity.occupations_per_org': (3, 'ORG-33')}
    assert [row.path for row in leaves(profile('demo')) if row.origin_layer == 'demo' and not row.because] == []
    assert (profile('demo').province_code, profile('demo').label) == ('99', '演示省')


def test_the_page_of_rules_compares_the_lead_of_a_batch_plan() -> None:
    row = next(row for row in compare(['henan', 'hunan']) if row.path == 'plan.batch_lead_working_days')
    assert (row.label, row.differs) == ('计划 › 批次计划提前期（工作日）', True)
    assert [(cell.shown, cell.origin_layer, cell.rule, cell.clause) for cell in row.leaves] == [
        ('10', 'henan', 'PLAN-20', '《职业技能等级认定工作指导手册》实施方案四（二）'), ('7', 'hunan', 'PLAN-21', '湘人社鉴函〔2022〕1号 三')]


def test_every_figure_has_a_chinese_name_and_a_chinese_value() -> None:
    latin = re.compile(r'[a-z]{3}')
    shown = [(row.path, cell.shown) for row in compare(profiles()) for cell in row.leaves]
    assert [(path, text) for path, text in shown if latin.search(text.replace('http://jndj.osta.org.cn', '').replace('http://pjjg.osta.org.cn', '').replace('https://jndj.example/', ''))] == []
    assert [path for path, _ in shown if latin.search(label_of(path))] == []


def test_what_stands_beside_a_value_is_shown_with_it() -> None:
    cells = {row.path: row.leaves[0].shown for row in compare(['xinjiang'])}
    assert cells['exam.theory_late'] == '30（界限：超过；后果：按缺考处理）'
    assert cells['exam.early_leave_after_minutes'] == '考试结束前不得离场'
    assert cells['plan.annual_change'] == '书面报告并经批准（提前（月）：1）'


def test_layers_have_chinese_names() -> None:
    assert [layer_label(name) for name in ('default', 'national', 'henan', 'handbook')] == ['通用建议值', '国家', '河南', '评价机构内部规定']


def test_an_unknown_word_is_our_mistake() -> None:
    with pytest.raises(ValueError, match='nothing does not stand in assets/regulations/words.csv'):
        word('nothing')


def test_the_version_changes_with_any_figure(house: Path) -> None:
    before = profile('henan', root=house).version
    spoil(house, 'national.yaml', 'refused_after_months: {value: 6,', 'refused_after_months: {value: 7,')
    other = house.parent / 'second'
    shutil.copytree(house, other)
    assert re.fullmatch('[0-9a-f]{12}', before)
    assert before == profile('henan').version
    assert profile('henan', root=other).version != before
    assert profile('henan', 'handbook').version != before


def test_the_province_of_a_profile_is_the_one_in_its_filing_numbers() -> None:
    assert {name: (profile(name).province_code, profile(name).codes.org.province.value) for name in profiles()} == {
        'demo': ('99', '99'), 'henan': ('41', '41'), 'hunan': ('43', '43'), 'xinjiang': ('65', '65'), 'national': ('', None)}


def test_the_conditions_of_henan_have_eleven_clauses() -> None:
    held = condition_set('henan_floor')
    assert [clause.rule for level in (5, 4, 3, 2, 1) for clause in held.levels[level]] == [
        'ELIG-5-1', 'ELIG-5-2', 'ELIG-4-1', 'ELIG-4-2', 'ELIG-4-3', 'ELIG-3-1', 'ELIG-3-2', 'ELIG-3-3', 'ELIG-2-1', 'ELIG-2-2', 'ELIG-1-1']
    last = held.levels[2][1].all[2].continuous_years
    assert last is not None and last.since is not None and (last.min, last.since.certificate, last.since.graduation) == (3, 3, True)


def test_an_unknown_part_of_a_condition_refuses_with_file_and_line(house: Path) -> None:
    spoil(house, 'conditions/henan_floor.yaml', 'apprenticeship_completed', 'apprenticeship')
    with pytest.raises(ValueError, match=r'conditions/henan_floor\.yaml:6: levels\.5\.1\.all\.0\.apprenticeship: unknown key'):
        condition_set('henan_floor', house)
