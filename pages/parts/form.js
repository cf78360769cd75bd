// One form: values live here, the server hears one "put" per changed field with the value that was shown beside it.
const WAIT_MS = 1500; // while typing; leaving a field sends at once
const LOST_MS = 10000; // an answer that never came: send again

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export default {
  template: `
  <div class="dj-form" role="group" :aria-label="title">
    <div v-if="faults.length" ref="summary" class="dj-faults" role="alert" tabindex="-1">
      <strong>共有{{ faults.length }}处需要核对：</strong>
      <ul>
        <li v-for="fault in faults">
          <a v-if="cells[fault.subject]" :href="'#' + id(fault.subject)" @click.prevent="focus(fault.subject)">{{ fault.sentence }}</a>
          <span v-else>{{ fault.sentence }}</span>
        </li>
      </ul>
    </div>
    <div class="dj-fields">
      <template v-for="f in fields" :key="f.name">
        <h2 v-if="f.kind === 'heading'" class="dj-heading">{{ f.label }}</h2>
        <div v-else class="dj-form-field" :class="{ 'dj-form-wide': f.wide, 'dj-wrong': cells[f.name].fault || cells[f.name].other }">
          <div class="dj-form-head">
            <label :id="id(f.name) + '-label'" :for="f.kind === 'levels' ? null : id(f.name)">{{ f.label }}<template v-if="f.unit">（{{ f.unit }}）</template><span v-if="f.required" class="dj-star">*<span class="dj-hidden">必填</span></span></label>
            <button v-if="f.rule" type="button" class="dj-basis-button" aria-haspopup="dialog" :aria-label="'依据 ' + f.label" @click="ask(f)">依据
              <q-menu v-if="open === f.name" :model-value="true" class="dj-clause" max-width="480px" role="dialog" :aria-label="'依据 ' + f.label" @hide="open = ''">
                <div class="dj-clause-title">{{ clause.title }}</div><div class="dj-clause-text">{{ clause.text }}</div><div>{{ clause.sentence }}</div>
              </q-menu>
            </button>
            <span class="dj-saved" :class="'dj-' + cells[f.name].state" role="status">{{ said(f.name) }}</span>
          </div>
          <textarea v-if="f.kind === 'long'" v-bind="plain(f)" rows="4" :value="cells[f.name].text" @input="type(f.name, $event.target.value)" @blur="leave(f.name)"></textarea>
          <select v-else-if="f.kind === 'select'" v-bind="plain(f)" :value="cells[f.name].text" @change="choose(f.name, $event.target.value)">
            <option value="">请选择</option>
            <option v-for="[value, word] in f.options" :key="value" :value="value">{{ word }}</option>
          </select>
          <div v-else-if="f.kind === 'levels'" :id="id(f.name)" class="dj-levels" role="group" tabindex="-1" :aria-labelledby="id(f.name) + '-label'" :aria-describedby="told(f)">
            <label v-for="[value, word] in f.options" :key="value"><input type="checkbox" :checked="cells[f.name].text.includes(Number(value))" @change="tick(f.name, Number(value), $event.target.checked)">{{ word }}</label>
          </div>
          <div v-else class="dj-input">
            <input type="text" v-bind="plain(f)" :class="f.kind === 'number' ? 'dj-number' : ''" :inputmode="f.kind === 'number' ? 'decimal' : null" :list="f.previous.length ? id(f.name) + '-list' : null"
              :placeholder="f.kind === 'date' ? '例如 2026-01-05' : null" autocomplete="off" :value="cells[f.name].text" @input="type(f.name, $event.target.value)" @blur="leave(f.name)">
            <datalist v-if="f.previous.length" :id="id(f.name) + '-list'"><option v-for="value in f.previous" :key="value" :value="value"></option></datalist>
            <template v-if="f.kind === 'date'">
              <button type="button" class="dj-calendar" :aria-label="'选择日期 ' + f.label" @click="$event.currentTarget.nextElementSibling.showPicker()"><q-icon name="event" aria-hidden="true" /></button>
              <input type="date" class="dj-picker" tabindex="-1" aria-hidden="true" @change="choose(f.name, $event.target.value)">
            </template>
          </div>
          <div v-if="f.hint" :id="id(f.name) + '-hint'" class="dj-note">{{ f.hint }}</div>
          <div v-if="cells[f.name].fault" :id="id(f.name) + '-fault'" class="dj-form-fault">{{ cells[f.name].fault }}</div>
          <div v-if="cells[f.name].other" class="dj-form-fault" role="alert">{{ cells[f.name].other.sentence }}
            <button type="button" @click="mine(f.name)">改用我填写的</button> <button type="button" @click="theirs(f.name)">采用对方的</button>
          </div>
        </div>
      </template>
    </div>
    <div class="dj-form-state" role="status">{{ overall }}</div>
  </div>`,
  props: { fields: Array, title: String },
  data() {
    const cells = {};
    for (const f of this.fields.filter((f) => f.kind !== "heading"))
      cells[f.name] = { text: f.value, shown: f.value, sent: null, state: "calm", at: "", fault: "", found: "", other: null, timer: 0, lost: 0, mine: [] };
    return { cells, faults: [], open: "", clause: {}, last: "" };
  },
  computed: {
    overall() {
      const open = Object.values(this.cells).filter((c) => c.state === "unsaved" || c.state === "conflict").length;
      return open ? `有${open}项未保存` : this.last ? `全部已保存 ${this.last}` : "填写的内容自动保存";
    },
  },
  methods: {
    id(name) { return `dj-${this.$.uid}-${name}`; },
    told(f) {
      const parts = [f.hint && "-hint", this.cells[f.name].fault && "-fault"].filter(Boolean);
      return parts.map((part) => this.id(f.name) + part).join(" ") || null;
    },
    plain(f) {
      const wrong = this.cells[f.name].fault ? "true" : null;
      const kept = f.kept && f.kind !== "select";
      return { id: this.id(f.name), "data-field": kept ? f.name : null, maxlength: f.most || null, "aria-required": f.required ? "true" : null, "aria-invalid": wrong, "aria-describedby": this.told(f) };
    },
    said(name) {
      const cell = this.cells[name];
      return { calm: "", unsaved: "未保存", saved: `已保存 ${cell.at}`, conflict: "未保存" }[cell.state];
    },
    type(name, text) {
      const cell = this.cells[name];
      cell.text = text;
      if (cell.other) return;
      if (same(text, cell.shown) && !cell.lost) this.calm(cell);
      else cell.state = "unsaved";
      if (!cell.timer) cell.timer = setTimeout(() => this.send(name), WAIT_MS);
    },
    calm(cell) { Object.assign(cell, { state: "calm", fault: cell.found }); }, // what was refused is gone; what is found of the stored value stays
    choose(name, text) { this.type(name, text); this.send(name); },
    tick(name, level, on) { this.choose(name, [...this.cells[name].text.filter((l) => l !== level), ...(on ? [level] : [])].sort((a, b) => b - a)); },
    leave(name) {
      const cell = this.cells[name];
      if (this.field(name).required && cell.text === "" && cell.shown === "" && cell.state !== "calm") cell.fault = "此项必填，请填写。";
      this.send(name);
    },
    send(name) {
      const cell = this.cells[name];
      clearTimeout(cell.timer);
      cell.timer = 0;
      if (cell.lost || cell.other || same(cell.text, cell.shown)) return;
      cell.state = "unsaved";
      cell.sent = cell.text;
      cell.mine.push(cell.text); // what was sent may be kept though its answer got lost
      window.sent?.(name, cell.text);
      cell.lost = setTimeout(() => { cell.lost = 0; this.send(name); }, LOST_MS);
      this.$emit("put", { name, shown: cell.shown, new: cell.text });
    },
    answered(name) {
      const cell = this.cells[name];
      clearTimeout(cell.lost);
      cell.lost = 0;
      return cell;
    },
    saved({ name, stored, at }) {
      const cell = this.answered(name);
      window.saved?.(name, cell.sent);
      Object.assign(cell, { shown: stored, fault: "", found: "", mine: [] });
      this.faults = this.faults.filter((fault) => fault.subject !== name);
      if (!same(cell.text, cell.sent)) return this.send(name);
      if (!this.focused(name)) cell.text = stored;
      Object.assign(cell, { state: "saved", at });
      this.last = at;
    },
    refused({ name, sentence }) { // a fault waits until the field is left
      const cell = this.answered(name);
      if (same(cell.text, cell.shown)) return this.calm(cell); // typed back meanwhile
      if (!same(cell.text, cell.sent)) return this.send(name);
      cell.state = "unsaved";
      if (!this.focused(name)) cell.fault = sentence;
    },
    conflict({ name, sentence, stored }) {
      const cell = this.answered(name);
      if (!cell.mine.some((one) => same(one, stored))) return Object.assign(cell, { state: "conflict", other: { sentence, stored } });
      Object.assign(cell, { shown: stored, mine: [] });
      return this.send(name);
    },
    mine(name) {
      const cell = this.cells[name];
      Object.assign(cell, { shown: cell.other.stored, other: null });
      this.send(name);
      this.focus(name);
    },
    theirs(name) {
      const cell = this.cells[name];
      window.saved?.(name, cell.text);
      Object.assign(cell, { text: cell.other.stored, shown: cell.other.stored, other: null, state: "calm" });
      this.focus(name);
    },
    show(faults) {
      for (const cell of Object.values(this.cells)) cell.found = "";
      for (const fault of faults) if (this.cells[fault.subject]) this.cells[fault.subject].found ||= fault.sentence;
      for (const cell of Object.values(this.cells)) cell.fault = cell.found;
      this.faults = faults;
      this.$nextTick(() => this.$refs.summary?.focus());
    },
    field(name) { return this.fields.find((f) => f.name === name); },
    focused(name) { return document.activeElement?.id === this.id(name); },
    focus(name) { (document.querySelector(`#${CSS.escape(this.id(name))} input`) || document.getElementById(this.id(name)))?.focus(); },
    ask(f) { this.$emit("clause", { name: f.name }); },
    explain({ name, clause }) { this.clause = clause; this.open = name; },
  },
};
