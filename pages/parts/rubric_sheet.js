// One score sheet of an assessment: the grid and the panel of the item in hand. Points, bands and vetoes are computed here for the eye;
// the server checks every answer again. Points are multiples of a half, which floats hold exactly.
import { h } from 'vue';

const WAIT_MS = 800; // while typing; leaving a field sends at once
const LOST_MS = 6000; // an answer that never came: send again
const NUMBER = /^-?\d{1,9}(\.\d{1,6})?$/;

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const given = (value) => value !== undefined && value !== null && value !== '';
const number = (text) => (NUMBER.test(String(text ?? '').trim()) ? Number(text) : NaN);
const sorted = (answer) => Object.fromEntries(Object.keys(answer).filter((k) => given(answer[k])).sort().map((k) => [k, answer[k]]));
const said = (cell) => ({ answer: sorted(cell.answer), remark: cell.remark.trim(), finding: cell.finding.trim() });
const points = (value) => (value === null ? '—' : String(value));
const button = (words, click, more) => h('button', { type: 'button', class: 'dj-rs-button', onClick: click, ...more }, words);
const part = (words) => h('span', { class: 'dj-rs-part' }, words);
const cell = (css, inside) => h('td', { class: css }, inside);

const needed = (item, a) => {
  const kind = item.rule.kind;
  if (kind === 'lease') return a.leased !== true ? ['score', 'leased'] : item.rule.leased_zero ? ['leased'] : ['score', 'leased', 'years'];
  const main = { all_or_nothing: 'met', per_occurrence: 'count', count_table: 'value', options: 'option', per_item_earned: 'count', judgement: 'score' }[kind];
  return kind === 'per_occurrence' && item.flag ? [main, 'hazard'] : [main];
};
const wrongScore = (item, a, step) => {
  const x = number(a.score);
  if (Number.isNaN(x)) return '请填数字';
  if (x < 0 || x > item.points) return `应在0至${item.points}分之间`;
  if (Math.round((x / step) * 1e6) % 1e6) return `应为${step}分的整数倍`;
  return a.zero_when === true && x ? '已注明不得分，应为0分' : '';
};
const wrongCount = (text, whole) => { const x = number(text); return Number.isNaN(x) ? '请填数字' : x < 0 || (whole && x % 1) ? '应为不小于0的整数' : ''; };
const RULES = { // {wrong, score}
  all_or_nothing: (i, a) => ({ wrong: '', score: i.points === null ? null : a.met ? i.points : 0 }),
  per_occurrence: (i, a) => ({ wrong: wrongCount(a.count, true), score: Math.max(i.rule.floor, i.points - i.rule.deduct * number(a.count)) }),
  count_table: (i, a) => ({
    wrong: wrongCount(a.value, i.rule.unit !== '%' && !i.average) || (i.rule.unit === '%' && number(a.value) > 100 ? '应在0至100之间' : ''),
    score: i.rule.rows.find((row) => number(a.value) >= row.min)?.score ?? 0 }),
  options: (i, a) => ({ wrong: '', score: i.rule.options.find((o) => o.code === a.option)?.score ?? 0 }),
  per_item_earned: (i, a) => ({ wrong: wrongCount(a.count, true), score: Math.min(i.points, i.rule.earn * number(a.count)) }),
  judgement: (i, a, step) => ({ wrong: wrongScore(i, a, step), score: number(a.score) }),
  lease: (i, a, step) => {
    if (a.leased === true && i.rule.leased_zero) return { wrong: '', score: 0 };
    const wrong = wrongScore(i, a, step) || (a.leased === true && !(number(a.years) >= 0) ? '租赁年限应为不小于0的数' : '');
    const off = a.leased !== true ? 0 : number(a.years) >= i.rule.threshold_years ? i.rule.deduct_at_or_above : i.rule.deduct_below;
    return { wrong, score: Math.max(0, number(a.score) - off) };
  },
};
const judged = (item, answer, step) => {
  if (item.add !== undefined) return { open: false, wrong: '', score: answer.met ? item.add : 0, veto: false, lost: false };
  if (needed(item, answer).some((key) => !given(answer[key]))) return { open: true, wrong: '', score: null, veto: false, lost: false };
  const { wrong, score } = RULES[item.rule.kind](item, answer, step);
  if (wrong) return { open: true, wrong, score: null, veto: false, lost: false };
  const veto = item.when === 'not_met' ? !answer.met : item.when === 'count_below' ? number(answer.value) < item.least : item.when === 'flag' ? answer.hazard === true : false;
  return { open: false, wrong: '', score, veto, lost: veto || (score === null ? !answer.met : score < item.points) };
};

export default { // drawn by functions: to compile a template of this size would take longer than to draw it
  props: { sheet: Object, entries: Object, editable: Boolean, photos: Object, others: Object, reasons: Object, line: Number, picker: Number },
  render() {
    return h('div', { class: ['dj-rs', !this.editable && 'dj-rs-read'] }, [
      this.bar(), this.vetoed(), this.sums.lifted && h('p', { class: 'dj-rs-vetoes dj-rs-lifted' }, '基础分低于这一结论的分数线，是加分项使总分达到的（TEV-10）。'), this.unkept(),
      h('div', { class: 'dj-rs-beside' }, [h('div', { class: 'dj-rs-grid' }, this.grid()), this.aside()])]);
  },
  data() {
    const cells = {};
    for (const i of [...this.sheet.sections.flatMap((s) => s.groups.flatMap((g) => g.items)), ...this.sheet.bonus]) {
      const entry = this.entries[i.id] ?? { answer: {}, remark: '', finding: '' };
      cells[i.id] = { answer: { ...entry.answer }, remark: entry.remark, finding: entry.finding, kept: said(entry), sent: null, state: '', fault: '', other: null, timer: 0, lost: 0, late: false, mine: [] };
    }
    const written = Object.fromEntries(Object.keys(cells).map((id) => [id, { text: this.reasons?.[id] ?? '', kept: this.reasons?.[id] ?? '', sent: '', fault: '', lost: 0, late: false }]));
    return { cells, at: Object.keys(cells)[0], last: '', offline: false, wanted: false, sending: false, written };
  },
  computed: {
    uid() { return `dj-rs-${this.$.uid}-`; },
    consolidated() { return this.others !== null && this.others !== undefined; },
    items() { return this.sheet.sections.flatMap((s) => s.groups.flatMap((g) => g.items)); },
    all() { return [...this.items, ...this.sheet.bonus]; },
    byId() { return Object.fromEntries(this.all.map((i) => [i.id, i])); },
    item() { return this.byId[this.at]; },
    results() { return Object.fromEntries(this.all.map((i) => [i.id, judged(i, this.cells[i.id].answer, this.sheet.step)])); },
    sums() {
      const r = this.results, add = (list) => list.reduce((sum, i) => sum + (r[i.id].score ?? 0), 0);
      const base = add(this.items), bonus = add(this.sheet.bonus), total = base + bonus;
      const open = this.items.filter((i) => r[i.id].open).map((i) => i.id), vetoes = this.items.filter((i) => r[i.id].veto);
      const filing = vetoes.some((i) => i.scope === 'filing'), operation = vetoes.some((i) => i.scope === 'operation');
      const band = (x) => this.sheet.bands.find((b) => x >= b.min);
      const word = filing ? this.sheet.on_filing_veto : open.length ? `还有${open.length}项未评，未评分不等于0分` : band(total).text;
      const grade = filing ? 'dj-is-block' : open.length ? 'dj-is-calm' : band(total) === this.sheet.bands[0] ? 'dj-is-good' : band(total).min ? 'dj-is-warn' : 'dj-is-block';
      return { base, bonus, total, open, vetoes, filing, operation, word, grade, lifted: !open.length && band(base) !== band(total), silent: this.items.filter((i) => this.needsRemark(i.id)) };
    },
    unsaved() { return Object.values(this.cells).filter((c) => !same(said(c), c.kept)).length + Object.values(this.written).filter((w) => w.text !== w.kept).length; },
    conflicts() { return this.all.map((i) => i.id).filter((id) => this.cells[id].other); },
    faults() { return this.all.map((i) => i.id).filter((id) => this.cells[id].fault && !this.cells[id].other); },
    overall() {
      if (!this.unsaved) return this.last ? `全部已保存 ${this.last}` : '填写的内容自动保存';
      const late = this.offline || [...Object.values(this.cells), ...Object.values(this.written)].some((c) => c.late);
      return late ? `网络中断，${this.unsaved}项留在本机，恢复后自动保存` : `有${this.unsaved}项未保存`;
    },
  },
  watch: {
    async picker() {
      await this.$nextTick();
      if (this.wanted) this.pickPhoto(); // still the person's own click: the first one waits for the server
      this.wanted = false;
    },
  },
  mounted() {
    this.restore();
    window.addEventListener('offline', this.cut);
    window.addEventListener('online', this.back);
  },
  unmounted() {
    window.removeEventListener('offline', this.cut);
    window.removeEventListener('online', this.back);
  },
  methods: {
    cut() { this.offline = true; },
    back() { this.offline = false; },
    // ---- above the grid
    bar() {
      const { sums, items } = this;
      return h('div', { class: 'dj-rs-bar' }, [
        h('span', { class: 'dj-rs-total' }, [h('b', sums.total), ' 分']),
        part(`基础分 ${sums.base}${sums.bonus ? ` ＋ 加分 ${sums.bonus}` : ''}`), part(`已评 ${items.length - sums.open.length}/${items.length}`),
        h('span', { class: ['dj-mark', sums.grade] }, sums.word),
        sums.silent.length > 0 && h('span', { class: 'dj-mark dj-is-warn' }, `${sums.silent.length}项扣分未写备注`),
        h('span', { class: 'dj-rs-space' }),
        this.editable && h('span', { class: ['dj-rs-state', this.unsaved && 'dj-rs-unsaved'], role: 'status' }, this.overall),
        this.editable && sums.open.length > 0 && button('下一未评项', () => this.focus(sums.open[0]))]);
    },
    vetoed() {
      const { vetoes, filing, operation } = this.sums;
      return vetoes.length > 0 && h('div', { class: 'dj-rs-vetoes', role: 'alert' }, [
        vetoes.map((v) => h('p', { key: v.id }, [h('b', v.flag ? '重大隐患' : '否决'), ' ', this.leads(v.id, `${v.id} ${v.content}`), `：${v.veto_text}`])),
        filing && h('p', `有备案否决项，无论总分多少，结论为“${this.sheet.on_filing_veto}”。`), operation && h('p', this.sheet.on_operation_veto)]);
    },
    unkept() {
      return this.conflicts.length + this.faults.length > 0 && h('div', { class: 'dj-rs-vetoes', role: 'alert' }, [
        this.faults.map((id) => h('p', { key: id }, [this.leads(id, id), ` 未保存：${this.cells[id].fault}`])),
        this.conflicts.map((id) => h('p', { key: `c${id}` }, [
          this.leads(id, id), ` ${this.cells[id].other.sentence} `, button('改用我填写的', () => this.mine(id)), ' ', button('采用已保存的', () => this.theirs(id))]))]);
    },
    leads(id, words) { return h('a', { href: '#', onClick: (event) => { event.preventDefault(); this.focus(id); } }, words); },
    // ---- the grid
    grid() {
      const all = this.consolidated ? 7 : 6, band = (css, words) => h('tr', { class: css }, h('th', { colspan: all, scope: 'rowgroup' }, words));
      const head = (words, css) => h('th', { scope: 'col', class: css }, words);
      return h('table', { class: 'dj-table', 'aria-label': '评分表' }, [
        h('thead', h('tr', [head('编号'), head('评估内容'), head('分值'), this.consolidated && head('各评估专家'), head('评分'), head('得分'), head('备注', 'dj-rs-remark')])),
        this.sheet.sections.map((s) => h('tbody', { key: s.name }, [
          band('dj-rs-section', [s.name, s.points ? ` ${s.points}分` : null]),
          s.groups.map((g) => [band('dj-rs-group', g.name), g.items.map((i) => this.row(i))])])),
        h('tbody', { key: 'bonus' }, [
          band('dj-rs-section', this.sheet.bonus_name), this.sheet.bonus.map((i) => this.row(i)),
          h('tr', { class: 'dj-rs-section dj-rs-last' }, [
            h('th', { colspan: 2 }, '合计'), h('th', { class: 'dj-rs-points' }, this.sheet.points), this.consolidated && h('th'), h('th'),
            h('th', { class: 'dj-rs-points' }, this.sums.total), h('th', { class: 'dj-rs-remark' })])])]);
    },
    row(i) {
      const r = this.results[i.id], bonus = i.add !== undefined, note = (words) => h('span', { class: 'dj-rs-veto dj-rs-advisory' }, words), photos = this.photoCount(i.id);
      return h('tr', { key: i.id, class: this.rowClass(i), onClick: () => this.pick(i.id) }, [
        cell('dj-rs-id', i.id),
        cell(null, [i.content, i.veto_text && h('span', { class: 'dj-rs-veto' }, i.scope === 'filing' ? '否决项' : '开展工作否决项'), i.advisory && note('只提示')]),
        cell('dj-rs-points', bonus ? `＋${i.add}` : points(i.points)),
        this.consolidated && cell(['dj-rs-others', this.width(i.id) > this.line && 'dj-rs-wide'], this.spread(i.id)),
        cell('dj-rs-answer', [
          bonus || ['all_or_nothing', 'options'].includes(i.rule.kind) ? this.choiceBox(i) : this.numberBox(i), r.wrong && h('div', { class: 'dj-rs-wrong' }, r.wrong)]),
        cell('dj-rs-points', h('b', bonus ? r.score || '' : r.open ? '' : points(r.score))),
        cell('dj-rs-remark', [this.cells[i.id].remark, this.needsRemark(i.id) && h('span', { class: 'dj-rs-need' }, '请写扣分原因'), photos > 0 && note(`照片${photos}`)])]);
    },
    choiceBox(i) {
      const chosen = this.chosen(i), many = i.rule?.kind === 'options';
      return h('div', { ...this.boxOf(i), class: ['dj-rs-choice', many && 'dj-rs-many'], role: 'radiogroup', tabindex: this.editable ? 0 : -1, 'aria-label': `${i.id} ${i.content}` },
        this.choices(i).map((o) => this.radio(o.label, chosen === o.code, () => this.choose(i, o.code), o.code === false && chosen === false && i.add === undefined)));
    },
    radio(words, on, click, off) {
      return h('button', { key: words, type: 'button', role: 'radio', tabindex: -1, 'aria-checked': String(on), class: [on && 'dj-rs-on', off && 'dj-rs-off'], onClick: click }, words);
    },
    boxOf(i) { return { 'data-main': i.id, onKeydown: (event) => this.key(event, i), onFocus: (event) => { this.pick(i.id); event.target.select?.(); } }; },
    numberBox(i) {
      const a = this.cells[i.id].answer, main = this.main(i), word = this.word(i), unit = (inside) => h('span', { class: 'dj-rs-unit' }, inside);
      const tick = (key, words) => words && h('label', { class: 'dj-rs-tick' }, [h('input', {
        type: 'checkbox', disabled: !this.editable, checked: a[key] === true, onChange: (event) => this.set(i.id, key, event.target.checked), onKeydown: (event) => this.key(event, i) }), words]);
      return [
        h('input', { ...this.boxOf(i), ...this.typing(i, main), readonly: !this.editable || this.noScore(i), autocomplete: 'off',
          'aria-label': `${i.id} ${i.content} ${word}`, 'aria-invalid': this.results[i.id].wrong ? 'true' : 'false' }),
        unit(word), tick('hazard', i.flag),
        i.flag && this.editable && a.hazard === undefined && given(a.count) && unit(button('无隐患', () => this.set(i.id, 'hazard', false))),
        tick('zero_when', i.rule.zero_when), i.rule.kind === 'lease' && this.leaseBox(i, a, unit)];
    },
    typing(i, key) {
      return { class: 'dj-rs-number', inputmode: 'decimal', maxlength: 20, value: this.cells[i.id].answer[key] ?? '', onInput: (event) => this.type(i.id, key, event.target.value), onBlur: () => this.send(i.id) };
    },
    leaseBox(i, a, unit) {
      return [
        h('span', { class: 'dj-rs-choice', role: 'radiogroup', tabindex: this.editable ? 0 : -1, 'aria-label': `${i.id} 产权`, onKeydown: (event) => this.leaseKey(event, i), onFocus: () => this.pick(i.id) },
          [[false, '自有'], [true, '租赁']].map(([code, words]) => this.radio(words, a.leased === code, () => this.set(i.id, 'leased', code)))),
        a.leased === true && !i.rule.leased_zero && unit(['租期 ', h('input', {
          ...this.typing(i, 'years'), 'data-years': i.id, readonly: !this.editable, 'aria-label': `${i.id} 租赁年限`, onKeydown: (event) => this.key(event, i) }), ' 年'])];
    },
    // ---- the panel of the item in hand
    aside() {
      const { item } = this, said = (head, inside, css) => [h('dt', head), h('dd', { class: css }, inside)];
      return h('aside', { class: 'dj-rs-panel', 'aria-label': '本项标准和备注' }, [
        h('div', { class: 'dj-rs-panel-head' }, [h('b', item.id), ` ${item.content}`]),
        h('dl', [said('评估标准', item.standard), said('评估方式', item.methods.join('、')), item.veto_text && said('否决', item.veto_text, 'dj-rs-need')]),
        this.noteBox('remark', ['备注', this.needsRemark(item.id) && h('span', { class: 'dj-rs-need' }, '（扣分须写明原因）')]), this.noteBox('finding', '发现的问题'),
        h('div', { class: 'dj-rs-photos' }, [
          (this.photos[item.id] || []).map(([id, title]) => button(title, () => this.$emit('show_photo', { id }), { key: id })), this.editable && button(this.sending ? '正在上传照片…' : '添加照片', this.photo, { 'aria-disabled': this.sending })]),
        this.consolidated && this.compared(item),
        this.editable && h('p', { class: 'dj-note dj-rs-keys' }, '键盘：回车、↑↓换项，Tab 到同项下一格；y 符合，n 不符合；数字直接填；m 满分；r 备注，f 发现的问题（Esc 返回）；h 隐患，l 自有/租赁。')]);
    },
    noteBox(key, words) {
      const id = this.at;
      return [h('label', { for: this.uid + key }, words), h('textarea', {
        id: this.uid + key, ref: key, rows: 2, maxlength: 500, readonly: !this.editable, value: this.cells[id][key],
        onInput: (event) => this.note(id, key, event.target.value), onBlur: () => this.send(id), onKeydown: this.noteKey })];
    },
    compared(item) {
      const wide = this.width(item.id) > this.line && h('span', { class: 'dj-rs-need' }, `（相差超过${this.line}分，必填）`);
      return [
        h('table', { class: 'dj-table dj-rs-each' }, [
          h('thead', h('tr', ['评估专家', '评分', '备注'].map((words) => h('th', words)))),
          h('tbody', (this.others[item.id] || []).map(([name, , text, remark]) => h('tr', { key: name }, [name, text, remark].map((words) => h('td', words)))))]),
        h('label', { for: `${this.uid}reason` }, ['复核意见', wide]),
        h('textarea', { id: `${this.uid}reason`, rows: 2, maxlength: 500, readonly: !this.editable, value: this.written[item.id].text,
          'aria-describedby': `${this.uid}unwritten`, onInput: (event) => this.writeReason(item.id, event.target.value), onChange: () => this.sendReason(item.id) }),
        h('span', { id: `${this.uid}unwritten`, class: 'dj-rs-need', role: 'alert' }, this.written[item.id].fault)];
    },
    // ---- what stands in a row
    choices(i) { return i.rule?.kind === 'options' ? i.rule.options.map((o) => ({ code: o.code, label: o.label })) : i.add !== undefined ? [{ code: true, label: '有' }, { code: false, label: '无' }] : [{ code: true, label: '符合' }, { code: false, label: '不符合' }]; },
    chosen(i) { const a = this.cells[i.id].answer; return i.rule?.kind === 'options' ? a.option : a.met; },
    main(i) { return { per_occurrence: 'count', count_table: 'value', per_item_earned: 'count', judgement: 'score', lease: 'score' }[i.rule.kind]; },
    word(i) { return { per_occurrence: `${i.rule.unit}，扣${i.rule.deduct}分/${i.rule.unit}`, count_table: i.rule.unit, per_item_earned: `${i.rule.unit}，${i.rule.earn}分/${i.rule.unit}`, judgement: '分', lease: '分' }[i.rule.kind]; },
    noScore(i) { return i.rule.kind === 'lease' && i.rule.leased_zero && this.cells[i.id].answer.leased === true; },
    needsRemark(id) { return this.results[id].lost && !this.cells[id].remark.trim(); },
    photoCount(id) { return (this.photos[id] || []).length; },
    rowClass(i) { const r = this.results[i.id]; return ['dj-rs-row', { 'dj-rs-now': this.at === i.id, 'dj-rs-vetoed': r.veto, 'dj-rs-lost': r.lost, 'dj-rs-bad': r.wrong || this.cells[i.id].fault }, this.cells[i.id].state && `dj-rs-${this.cells[i.id].state}`]; },
    spread(id) { const texts = (this.others[id] || []).map((o) => o[2]); return new Set(texts).size === 1 ? `一致 ${texts[0]}` : texts.join(' / '); },
    width(id) { const p = (this.others?.[id] || []).map((o) => o[1]).filter((x) => x !== null); return p.length ? Math.max(...p) - Math.min(...p) : 0; },
    pick(id) { this.at = id; },
    // ---- moving
    focus(id) { const box = this.$el.querySelector(`[data-main="${id}"]:not(:disabled)`) ?? this.$el.querySelector(`[data-main="${id}"]`); this.at = id; box?.focus(); box?.closest('tr').scrollIntoView({ block: 'nearest' }); },
    go(id, way) {
      const order = this.all.map((i) => i.id), next = order[order.indexOf(id) + way];
      if (next) this.focus(next);
    },
    key(event, i) {
      if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
      const done = (act) => { event.preventDefault(); act(); };
      const letter = event.key.toLowerCase(), choice = i.rule?.kind === 'options' || i.add !== undefined || i.rule?.kind === 'all_or_nothing';
      if (event.key === 'Enter' && !event.shiftKey) return done(() => { this.send(i.id); this.needsRemark(i.id) ? this.$refs.remark.focus() : this.go(i.id, 1); });
      if (event.key === 'Enter' || event.key === 'ArrowUp') return done(() => { this.send(i.id); this.go(i.id, -1); });
      if (event.key === 'ArrowDown') return done(() => { this.send(i.id); this.go(i.id, 1); });
      if (letter === 'r') return done(() => { this.at = i.id; this.$nextTick(() => this.$refs.remark.focus()); });
      if (letter === 'f') return done(() => { this.at = i.id; this.$nextTick(() => this.$refs.finding.focus()); });
      if (letter === 'm') return done(() => this.full(i));
      if (letter === 'h' && i.flag) return done(() => this.set(i.id, 'hazard', this.cells[i.id].answer.hazard !== true));
      if (letter === 'z' && i.rule?.zero_when) return done(() => this.set(i.id, 'zero_when', this.cells[i.id].answer.zero_when !== true));
      if (letter === 'l' && i.rule?.kind === 'lease') return done(() => this.lease(i));
      if (!choice) return undefined;
      if (letter === 'y' || letter === 'n') return i.rule?.kind === 'options' ? undefined : done(() => { this.choose(i, letter === 'y'); letter === 'y' ? this.go(i.id, 1) : this.needsRemark(i.id) && this.$refs.remark.focus(); });
      const options = this.choices(i), at = options.findIndex((o) => o.code === this.chosen(i));
      if (/^[1-9]$/.test(letter) && options[letter - 1]) return done(() => this.choose(i, options[letter - 1].code));
      if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') return done(() => this.choose(i, options[(at + (event.key === 'ArrowRight' ? 1 : options.length - 1)) % options.length].code));
      return event.key === ' ' ? done(() => this.choose(i, options[(at + 1) % options.length].code)) : undefined;
    },
    leaseKey(event, i) {
      if (['ArrowLeft', 'ArrowRight', ' '].includes(event.key)) { event.preventDefault(); this.lease(i); } else this.key(event, i);
    },
    lease(i) { this.set(i.id, 'leased', this.cells[i.id].answer.leased === false); if (this.cells[i.id].answer.leased) this.$nextTick(() => this.$el.querySelector(`[data-years="${i.id}"]`)?.focus()); },
    noteKey(event) {
      if (event.isComposing) return;
      if (event.key === 'Escape') { event.preventDefault(); this.focus(this.at); }
      if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); this.send(this.at); this.go(this.at, 1); }
    },
    // ---- changing
    full(i) {
      const kind = i.rule?.kind ?? 'bonus';
      if (kind === 'all_or_nothing' || kind === 'bonus') return this.choose(i, true);
      if (kind === 'options') return this.choose(i, i.rule.options.find((o) => o.score === i.points).code);
      const value = { per_occurrence: 0, per_item_earned: Math.ceil(i.points / (i.rule.earn || 1)), judgement: i.points, lease: i.points, count_table: i.rule.rows?.[0].min }[kind];
      if (kind === 'lease') this.cells[i.id].answer.leased = false;
      if (i.flag) this.cells[i.id].answer.hazard = false;
      return this.set(i.id, this.main(i), String(value));
    },
    choose(i, code) { if (this.editable) this.set(i.id, i.rule?.kind === 'options' ? 'option' : 'met', code); },
    set(id, key, value) { if (!this.editable) return; this.at = id; this.cells[id].answer = { ...this.cells[id].answer, [key]: value }; this.edited(id); this.send(id); },
    type(id, key, text) { this.cells[id].answer = { ...this.cells[id].answer, [key]: text.trim() }; this.edited(id); },
    note(id, key, text) { this.cells[id][key] = text; this.edited(id); },
    edited(id) {
      const cell = this.cells[id];
      cell.state = 'typed';
      this.remember();
      clearTimeout(cell.timer);
      cell.timer = setTimeout(() => this.send(id), WAIT_MS);
    },
    writeReason(id, text) { Object.assign(this.written[id], { text, fault: '' }); this.remember(); },
    sendReason(id) { // when it is left: half a sentence is none
      const w = this.written[id];
      if (!this.editable || w.lost || w.text === w.kept) return;
      w.sent = w.text;
      w.lost = setTimeout(() => { Object.assign(w, { lost: 0, late: true }); this.sendReason(id); }, LOST_MS);
      this.$emit('reconcile', { item: id, text: w.sent });
    },
    reasoned({ id, text, at, fault }) { // as it is stored, or why it is not
      const w = this.written[id];
      clearTimeout(w.lost);
      Object.assign(w, { lost: 0, late: false, fault: fault ?? '' });
      if (fault) return;
      this.last = at;
      w.kept = text;
      if (w.text === w.sent) w.text = text; else this.sendReason(id);
      this.remember();
    },
    photo() {
      if (this.sending) return; // the server asks for the item when the photo has arrived
      this.$emit('photo_for', { id: this.at });
      if (this.picker) this.pickPhoto(); else this.wanted = true;
    },
    pickPhoto() { getElement(this.picker).$refs.qRef.pickFiles(); },
    // ---- keeping
    send(id) {
      const cell = this.cells[id];
      clearTimeout(cell.timer);
      const now = said(cell);
      if (!this.editable || cell.lost || cell.other || same(now, cell.kept) || this.results[id].wrong) return;
      cell.sent = now;
      cell.mine.push(now); // an answer that got lost may have been kept all the same
      this.remember();
      cell.state = 'sent';
      cell.lost = setTimeout(() => { cell.lost = 0; cell.late = true; this.send(id); }, LOST_MS);
      this.$emit('put', { id, shown: cell.kept, new: now });
    },
    answered(id) { const cell = this.cells[id]; clearTimeout(cell.lost); Object.assign(cell, { lost: 0, late: false }); return cell; },
    saved({ id, stored, at }) {
      const cell = this.answered(id);
      cell.kept = said(stored);
      cell.mine = [];
      cell.fault = '';
      this.last = at;
      if (same(said(cell), cell.sent)) { // nothing typed meanwhile: show what is stored
        if (!same(cell.sent, cell.kept)) this.put(cell, cell.kept);
        cell.state = 'kept';
      } else this.send(id);
      this.remember();
    },
    refused({ id, sentence }) { Object.assign(this.answered(id), { state: 'bad', fault: sentence }); },
    conflict({ id, sentence, stored }) {
      const cell = this.answered(id), there = said(stored);
      if (cell.mine.some((one) => same(one, there))) { Object.assign(cell, { kept: there, mine: [] }); return this.send(id); }
      return Object.assign(cell, { state: 'bad', other: { sentence, stored: there } });
    },
    put(cell, entry) { Object.assign(cell, { answer: { ...entry.answer }, remark: entry.remark, finding: entry.finding }); },
    mine(id) { const cell = this.cells[id]; Object.assign(cell, { kept: cell.other.stored, other: null }); this.send(id); this.focus(id); },
    theirs(id) { const cell = this.cells[id]; this.put(cell, cell.other.stored); Object.assign(cell, { kept: cell.other.stored, other: null, state: 'kept' }); this.remember(); this.focus(id); },
    place() { return `typed:${document.querySelector('meta[name=dj-person]')?.content ?? ''}:sheet:${location.pathname}`; }, // cleared at sign-out, as typed.js keeps it
    remember() {
      const open = Object.fromEntries(Object.entries(this.cells).filter(([, c]) => !same(said(c), c.kept)).map(([id, c]) => [id, { shown: c.kept, typed: said(c), mine: c.mine }]));
      for (const [id, w] of Object.entries(this.written)) if (w.text !== w.kept) open[`reason ${id}`] = { shown: w.kept, typed: w.text };
      if (Object.keys(open).length) sessionStorage.setItem(this.place(), JSON.stringify(open)); else sessionStorage.removeItem(this.place());
    },
    restore() {
      if (!this.editable) return;
      for (const [id, { shown, typed, mine }] of Object.entries(JSON.parse(sessionStorage.getItem(this.place()) || '{}'))) {
        const cell = this.cells[id], w = this.written[id.replace('reason ', '')];
        if (!cell && w) { w.text = typed; this.sendReason(id.replace('reason ', '')); }
        if (!cell || same(cell.kept, typed)) continue;
        const stored = cell.kept;
        this.put(cell, typed);
        if ([shown, ...mine].some((one) => same(one, stored))) this.send(id);
        else cell.other = { sentence: '此项已被改过，您中断前填写的内容没有覆盖它。', stored };
      }
    },
  },
};
