// One score sheet of an assessment: the grid and the panel of the item in hand. Points, bands and vetoes are computed here for the eye;
// the server checks every answer again. Points are multiples of a half, which floats hold exactly.
const WAIT_MS = 800; // while typing; leaving a field sends at once
const LOST_MS = 6000; // an answer that never came: send again
const NUMBER = /^-?\d{1,9}(\.\d{1,6})?$/;

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const given = (value) => value !== undefined && value !== null && value !== '';
const number = (text) => (NUMBER.test(String(text ?? '').trim()) ? Number(text) : NaN);
const sorted = (answer) => Object.fromEntries(Object.keys(answer).filter((k) => given(answer[k])).sort().map((k) => [k, answer[k]]));
const said = (cell) => ({ answer: sorted(cell.answer), remark: cell.remark.trim(), finding: cell.finding.trim() });
const points = (value) => (value === null ? '—' : String(value));

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

export default {
  props: { sheet: Object, entries: Object, editable: Boolean, photos: Object, others: Object, reasons: Object, line: Number, picker: Number },
  template: `
<div class="dj-rs" :class="{ 'dj-rs-read': !editable }">
  <div class="dj-rs-bar">
    <span class="dj-rs-total"><b>{{ sums.total }}</b> 分</span>
    <span class="dj-rs-part">基础分 {{ sums.base }}<template v-if="sums.bonus"> ＋ 加分 {{ sums.bonus }}</template></span>
    <span class="dj-rs-part">已评 {{ items.length - sums.open.length }}/{{ items.length }}</span>
    <span class="dj-mark" :class="sums.grade">{{ sums.word }}</span>
    <span v-if="sums.silent.length" class="dj-mark dj-is-warn">{{ sums.silent.length }}项扣分未写备注</span>
    <span class="dj-rs-space"></span>
    <span v-if="editable" class="dj-rs-state" :class="{ 'dj-rs-unsaved': unsaved }" role="status">{{ overall }}</span>
    <button v-if="editable && sums.open.length" type="button" class="dj-rs-button" @click="focus(sums.open[0])">下一未评项</button>
  </div>
  <div v-if="sums.vetoes.length" class="dj-rs-vetoes" role="alert">
    <p v-for="v in sums.vetoes" :key="v.id"><b>{{ v.flag ? '重大隐患' : '否决' }}</b> <a href="#" @click.prevent="focus(v.id)">{{ v.id }} {{ v.content }}</a>：{{ v.veto_text }}</p>
    <p v-if="sums.filing">有备案否决项，无论总分多少，结论为“{{ sheet.on_filing_veto }}”。</p>
    <p v-if="sums.operation">{{ sheet.on_operation_veto }}</p>
  </div>
  <p v-if="sums.lifted" class="dj-rs-vetoes dj-rs-lifted">基础分低于这一结论的分数线，是加分项使总分达到的（TEV-10）。</p>
  <div v-if="conflicts.length || faults.length" class="dj-rs-vetoes" role="alert">
    <p v-for="id in faults" :key="id"><a href="#" @click.prevent="focus(id)">{{ id }}</a> 未保存：{{ cells[id].fault }}</p>
    <p v-for="id in conflicts" :key="'c' + id"><a href="#" @click.prevent="focus(id)">{{ id }}</a> {{ cells[id].other.sentence }}
      <button type="button" class="dj-rs-button" @click="mine(id)">改用我填写的</button> <button type="button" class="dj-rs-button" @click="theirs(id)">采用已保存的</button></p>
  </div>
  <div class="dj-rs-beside">
    <div class="dj-rs-grid">
      <table class="dj-table" aria-label="评分表">
        <thead><tr><th scope="col">编号</th><th scope="col">评估内容</th><th scope="col">分值</th><th v-if="consolidated" scope="col">各评估专家</th><th scope="col">评分</th><th scope="col">得分</th><th scope="col" class="dj-rs-remark">备注</th></tr></thead>
        <tbody v-for="s in sheet.sections" :key="s.name">
          <tr class="dj-rs-section"><th :colspan="consolidated ? 7 : 6" scope="rowgroup">{{ s.name }}<span v-if="s.points"> {{ s.points }}分</span></th></tr>
          <template v-for="g in s.groups" :key="g.name">
            <tr class="dj-rs-group"><th :colspan="consolidated ? 7 : 6" scope="rowgroup">{{ g.name }}</th></tr>
            <tr v-for="i in g.items" :key="i.id" :class="rowClass(i)" @click="pick(i.id)">
              <td class="dj-rs-id">{{ i.id }}</td>
              <td>{{ i.content }}<span v-if="i.veto_text" class="dj-rs-veto">{{ i.scope === 'filing' ? '否决项' : '开展工作否决项' }}</span><span v-if="i.advisory" class="dj-rs-veto dj-rs-advisory">只提示</span></td>
              <td class="dj-rs-points">{{ points(i.points) }}</td>
              <td v-if="consolidated" class="dj-rs-others" :class="{ 'dj-rs-wide': width(i.id) > line }">{{ spread(i.id) }}</td>
              <td class="dj-rs-answer">
                <div v-if="i.rule.kind === 'all_or_nothing' || i.rule.kind === 'options'" class="dj-rs-choice" :class="{ 'dj-rs-many': i.rule.kind === 'options' }" role="radiogroup" :tabindex="editable ? 0 : -1" :data-main="i.id" :aria-label="i.id + ' ' + i.content" @keydown="key($event, i)" @focus="pick(i.id)">
                  <button v-for="(o, n) in choices(i)" :key="o.code" type="button" role="radio" tabindex="-1" :aria-checked="String(chosen(i) === o.code)" :class="{ 'dj-rs-on': chosen(i) === o.code, 'dj-rs-off': o.code === false && chosen(i) === false }" @click="choose(i, o.code)">{{ o.label }}</button>
                </div>
                <template v-else>
                  <input :data-main="i.id" class="dj-rs-number" inputmode="decimal" maxlength="20" autocomplete="off" :readonly="!editable || noScore(i)" :value="cells[i.id].answer[main(i)] ?? ''" :aria-label="i.id + ' ' + i.content + ' ' + word(i)" :aria-invalid="results[i.id].wrong ? 'true' : 'false'" @input="type(i.id, main(i), $event.target.value)" @blur="send(i.id)" @keydown="key($event, i)" @focus="pick(i.id); $event.target.select()">
                  <span class="dj-rs-unit">{{ word(i) }}</span>
                  <label v-if="i.flag" class="dj-rs-tick"><input type="checkbox" :disabled="!editable" :checked="cells[i.id].answer.hazard === true" @change="set(i.id, 'hazard', $event.target.checked)" @keydown="key($event, i)">{{ i.flag }}</label>
                  <span v-if="i.flag && editable && cells[i.id].answer.hazard === undefined && given(cells[i.id].answer.count)" class="dj-rs-unit"><button type="button" class="dj-rs-button" @click="set(i.id, 'hazard', false)">无隐患</button></span>
                  <label v-if="i.rule.zero_when" class="dj-rs-tick"><input type="checkbox" :disabled="!editable" :checked="cells[i.id].answer.zero_when === true" @change="set(i.id, 'zero_when', $event.target.checked)" @keydown="key($event, i)">{{ i.rule.zero_when }}</label>
                  <template v-if="i.rule.kind === 'lease'">
                    <span class="dj-rs-choice" role="radiogroup" :tabindex="editable ? 0 : -1" :aria-label="i.id + ' 产权'" @keydown="leaseKey($event, i)" @focus="pick(i.id)">
                      <button v-for="o in [[false, '自有'], [true, '租赁']]" :key="o[1]" type="button" role="radio" tabindex="-1" :aria-checked="String(cells[i.id].answer.leased === o[0])" :class="{ 'dj-rs-on': cells[i.id].answer.leased === o[0] }" @click="set(i.id, 'leased', o[0])">{{ o[1] }}</button>
                    </span>
                    <span v-if="cells[i.id].answer.leased === true && !i.rule.leased_zero" class="dj-rs-unit">租期 <input class="dj-rs-number" :data-years="i.id" inputmode="decimal" maxlength="20" :readonly="!editable" :value="cells[i.id].answer.years ?? ''" :aria-label="i.id + ' 租赁年限'" @input="type(i.id, 'years', $event.target.value)" @blur="send(i.id)" @keydown="key($event, i)"> 年</span>
                  </template>
                </template>
                <div v-if="results[i.id].wrong" class="dj-rs-wrong">{{ results[i.id].wrong }}</div>
              </td>
              <td class="dj-rs-points"><b>{{ results[i.id].open ? '' : points(results[i.id].score) }}</b></td>
              <td class="dj-rs-remark">{{ cells[i.id].remark }}<span v-if="needsRemark(i.id)" class="dj-rs-need">请写扣分原因</span><span v-if="photoCount(i.id)" class="dj-rs-veto dj-rs-advisory">照片{{ photoCount(i.id) }}</span></td>
            </tr>
          </template>
        </tbody>
        <tbody>
          <tr class="dj-rs-section"><th :colspan="consolidated ? 7 : 6" scope="rowgroup">{{ sheet.bonus_name }}</th></tr>
          <tr v-for="i in sheet.bonus" :key="i.id" :class="rowClass(i)" @click="pick(i.id)">
            <td class="dj-rs-id">{{ i.id }}</td><td>{{ i.content }}</td><td class="dj-rs-points">＋{{ i.add }}</td><td v-if="consolidated" class="dj-rs-others">{{ spread(i.id) }}</td>
            <td class="dj-rs-answer"><div class="dj-rs-choice" role="radiogroup" :tabindex="editable ? 0 : -1" :data-main="i.id" :aria-label="i.id + ' ' + i.content" @keydown="key($event, i)" @focus="pick(i.id)">
              <button v-for="o in choices(i)" :key="o.label" type="button" role="radio" tabindex="-1" :aria-checked="String(chosen(i) === o.code)" :class="{ 'dj-rs-on': chosen(i) === o.code }" @click="choose(i, o.code)">{{ o.label }}</button></div></td>
            <td class="dj-rs-points"><b>{{ results[i.id].score || '' }}</b></td><td class="dj-rs-remark">{{ cells[i.id].remark }}</td>
          </tr>
          <tr class="dj-rs-section dj-rs-last"><th colspan="2">合计</th><th class="dj-rs-points">{{ sheet.points }}</th><th v-if="consolidated"></th><th></th><th class="dj-rs-points">{{ sums.total }}</th><th class="dj-rs-remark"></th></tr>
        </tbody>
      </table>
    </div>
    <aside class="dj-rs-panel" aria-label="本项标准和备注">
      <div class="dj-rs-panel-head"><b>{{ item.id }}</b> {{ item.content }}</div>
      <dl>
        <dt>评估标准</dt><dd>{{ item.standard }}</dd>
        <dt>评估方式</dt><dd>{{ item.methods.join('、') }}</dd>
        <template v-if="item.veto_text"><dt>否决</dt><dd class="dj-rs-need">{{ item.veto_text }}</dd></template>
      </dl>
      <label :for="uid + 'remark'">备注<span v-if="needsRemark(item.id)" class="dj-rs-need">（扣分须写明原因）</span></label>
      <textarea :id="uid + 'remark'" ref="remark" rows="2" maxlength="500" :readonly="!editable" :value="cells[item.id].remark" @input="note(item.id, 'remark', $event.target.value)" @blur="send(item.id)" @keydown="noteKey"></textarea>
      <label :for="uid + 'finding'">发现的问题</label>
      <textarea :id="uid + 'finding'" ref="finding" rows="2" maxlength="500" :readonly="!editable" :value="cells[item.id].finding" @input="note(item.id, 'finding', $event.target.value)" @blur="send(item.id)" @keydown="noteKey"></textarea>
      <div class="dj-rs-photos">
        <button v-for="p in photos[item.id] || []" :key="p[0]" type="button" class="dj-rs-button" @click="$emit('show_photo', { id: p[0] })">{{ p[1] }}</button>
        <button v-if="editable" type="button" class="dj-rs-button" @click="photo">添加照片</button>
      </div>
      <template v-if="consolidated">
        <table class="dj-table dj-rs-each"><thead><tr><th>评估专家</th><th>评分</th><th>备注</th></tr></thead>
          <tbody><tr v-for="o in others[item.id] || []" :key="o[0]"><td>{{ o[0] }}</td><td>{{ o[2] }}</td><td>{{ o[3] }}</td></tr></tbody></table>
        <label :for="uid + 'reason'">复核意见<span v-if="width(item.id) > line" class="dj-rs-need">（相差超过{{ line }}分，必填）</span></label>
        <textarea :id="uid + 'reason'" rows="2" maxlength="500" :readonly="!editable" :value="reasoned[item.id] || ''" @change="reason(item.id, $event.target.value)"></textarea>
      </template>
      <p v-if="editable" class="dj-note dj-rs-keys">键盘：回车、↑↓换项，Tab 到同项下一格；y 符合，n 不符合；数字直接填；m 满分；r 备注，f 发现的问题（Esc 返回）；h 隐患，l 自有/租赁。</p>
    </aside>
  </div>
</div>`,
  data() {
    const cells = {};
    for (const i of [...this.sheet.sections.flatMap((s) => s.groups.flatMap((g) => g.items)), ...this.sheet.bonus]) {
      const entry = this.entries[i.id] ?? { answer: {}, remark: '', finding: '' };
      cells[i.id] = { answer: { ...entry.answer }, remark: entry.remark, finding: entry.finding, kept: said(entry), sent: null, state: '', fault: '', other: null, timer: 0, lost: 0, late: false };
    }
    return { cells, at: Object.keys(cells)[0], last: '', offline: false, reasoned: { ...this.reasons } };
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
    unsaved() { return Object.values(this.cells).filter((c) => !same(said(c), c.kept)).length; },
    conflicts() { return this.all.map((i) => i.id).filter((id) => this.cells[id].other); },
    faults() { return this.all.map((i) => i.id).filter((id) => this.cells[id].fault && !this.cells[id].other); },
    overall() {
      if (!this.unsaved) return this.last ? `全部已保存 ${this.last}` : '填写的内容自动保存';
      const late = this.offline || Object.values(this.cells).some((c) => c.late);
      return late ? `网络中断，${this.unsaved}项留在本机，恢复后自动保存` : `有${this.unsaved}项未保存`;
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
    points, given,
    cut() { this.offline = true; },
    back() { this.offline = false; },
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
    reason(id, text) { this.reasoned[id] = text; this.$emit('reconcile', { item: id, text }); },
    photo() { this.$emit('photo_for', { id: this.at }); getElement(this.picker).$refs.qRef.pickFiles(); },
    // ---- keeping
    send(id) {
      const cell = this.cells[id];
      clearTimeout(cell.timer);
      const now = said(cell);
      if (!this.editable || cell.lost || cell.other || same(now, cell.kept) || this.results[id].wrong) return;
      cell.sent = now;
      cell.state = 'sent';
      cell.lost = setTimeout(() => { cell.lost = 0; cell.late = true; this.send(id); }, LOST_MS);
      this.$emit('put', { id, shown: cell.kept, new: now });
    },
    answered(id) { const cell = this.cells[id]; clearTimeout(cell.lost); Object.assign(cell, { lost: 0, late: false }); return cell; },
    saved({ id, stored, at }) {
      const cell = this.answered(id);
      cell.kept = said(stored);
      cell.fault = '';
      this.last = at;
      if (same(said(cell), cell.sent)) { // nothing typed meanwhile: show what is stored
        if (!same(cell.sent, cell.kept)) this.put(cell, cell.kept);
        cell.state = 'kept';
      } else this.send(id);
      this.remember();
    },
    refused({ id, sentence }) { Object.assign(this.answered(id), { state: 'bad', fault: sentence }); },
    conflict({ id, sentence, stored }) { Object.assign(this.answered(id), { state: 'bad', other: { sentence, stored: said(stored) } }); },
    put(cell, entry) { Object.assign(cell, { answer: { ...entry.answer }, remark: entry.remark, finding: entry.finding }); },
    mine(id) { const cell = this.cells[id]; Object.assign(cell, { kept: cell.other.stored, other: null }); this.send(id); this.focus(id); },
    theirs(id) { const cell = this.cells[id]; this.put(cell, cell.other.stored); Object.assign(cell, { kept: cell.other.stored, other: null, state: 'kept' }); this.remember(); this.focus(id); },
    place() { return `typed:${document.querySelector('meta[name=dj-person]')?.content ?? ''}:sheet:${location.pathname}`; }, // cleared at sign-out, as typed.js keeps it
    remember() {
      const open = Object.fromEntries(Object.entries(this.cells).filter(([, c]) => !same(said(c), c.kept)).map(([id, c]) => [id, { shown: c.kept, typed: said(c) }]));
      if (Object.keys(open).length) sessionStorage.setItem(this.place(), JSON.stringify(open)); else sessionStorage.removeItem(this.place());
    },
    restore() {
      if (!this.editable) return;
      for (const [id, { shown, typed }] of Object.entries(JSON.parse(sessionStorage.getItem(this.place()) || '{}'))) {
        const cell = this.cells[id];
        if (!cell || same(cell.kept, typed)) continue;
        const stored = cell.kept;
        this.put(cell, typed);
        if (same(stored, shown)) this.send(id);
        else cell.other = { sentence: '此项已被改过，您中断前填写的内容没有覆盖它。', stored };
      }
    },
  },
};
