// A table of rows: each row is sent whole when one of its cells is left, with the row that was shown beside it.
const LOST_MS = 10000; // an answer that never came: send again
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export default {
  props: { columns: Array, rows: Array, label: String },
  template: `
    <div class="dj-form dj-written">
      <div class="dj-scroll" tabindex="0" role="region" :aria-label="label">
        <table class="dj-table">
          <thead><tr><th scope="col">序号</th><th v-for="c in columns" scope="col">{{ c.head }}<span v-if="c.required" class="dj-star">*<span class="dj-hidden">必填</span></span></th><th scope="col">办理</th></tr></thead>
          <tbody>
            <tr v-if="!lines.length"><td :colspan="columns.length + 2" class="dj-note">还没有填写，请按“添加一行”。</td></tr>
            <tr v-for="(line, n) in lines" :key="line.key" :class="{ 'dj-wrong': line.fault }">
              <td class="dj-nowrap">{{ n + 1 }}</td>
              <td v-for="c in columns">
                <select v-if="c.kind === 'select'" v-model="line.text[c.name]" :aria-label="name(n, c)" @change="send(line)">
                  <option value="">请选择</option><option v-for="[value, word] in c.options" :value="value">{{ word }}</option>
                </select>
                <input v-else type="text" v-model="line.text[c.name]" :class="c.kind === 'number' ? 'dj-number' : ''" :inputmode="c.kind === 'number' ? 'decimal' : null" :maxlength="c.most || null"
                  :placeholder="c.kind === 'date' ? '2026-01-05' : null" :aria-label="name(n, c)" autocomplete="off" @input="line.state = 'unsaved'" @change="send(line)">
              </td>
              <td class="dj-nowrap">
                <button type="button" :aria-label="'上移第' + (n + 1) + '行'" :disabled="!n" @click="ask('move', line, -1)">↑</button>
                <button type="button" :aria-label="'下移第' + (n + 1) + '行'" :disabled="n === lines.length - 1" @click="ask('move', line, 1)">↓</button>
                <button type="button" :aria-label="'删除第' + (n + 1) + '行'" @click="ask('remove', line, 0)">删除</button>
                <div v-if="line.fault" class="dj-form-fault" role="alert">{{ line.fault }}</div>
              </td>
            </tr>
          </tbody>
        </table>
      </div>
      <div class="dj-written-foot"><button type="button" @click="add">＋ 添加一行</button><span class="dj-note" role="status">{{ told }}</span></div>
    </div>`,
  data() {
    return { lines: this.rows.map((row, n) => this.line(row, n)), next: this.rows.length, last: '', acts: [], moving: 0 };
  },
  computed: {
    told() {
      const open = this.lines.filter((l) => l.state === 'unsaved').length;
      return open ? `有${open}行未保存` : this.last ? `全部已保存 ${this.last}` : '';
    },
  },
  methods: {
    line(row, key) { return { key, shown: row, text: { ...row }, sent: null, state: '', fault: '', lost: 0, waits: false }; },
    name(n, c) { return `${this.label}第${n + 1}行 ${c.head}`; },
    at(line) { return this.lines.indexOf(line); },
    send(line) {
      if (line.sent || same(line.text, line.shown)) return;
      line.state = 'unsaved';
      if (this.moving) { line.waits = true; return; } // its place is not yet known
      line.sent = { ...line.text };
      line.lost = setTimeout(() => { line.sent = null; this.send(line); }, LOST_MS);
      this.$emit('row', { do: 'change', key: line.key, at: this.at(line), shown: line.shown, new: line.sent });
    },
    add() { this.$emit('row', { do: 'add', key: this.next++, at: 0 }); },
    ask(...act) {
      this.acts.push(act);
      this.turn();
    },
    turn() { // one after another: the server looks at the place and the row that are shown, so what was typed is kept first
      if (this.moving || !this.acts.length || this.acts[0][1].sent) return;
      const [act, line, by] = this.acts.shift(), at = this.at(line);
      if (at < 0 || at + by < 0 || at + by >= this.lines.length) return this.turn();
      this.moving = setTimeout(() => this.moved(), LOST_MS);
      this.$emit('row', { do: act, key: line.key, at, by, shown: line.shown });
    },
    moved() {
      clearTimeout(this.moving);
      this.moving = 0;
      for (const line of this.lines.filter((l) => l.waits)) {
        line.waits = false;
        this.send(line);
      }
      this.turn();
    },
    done(act, key, stored, by, at) {
      this.last = at;
      if (act === 'add') {
        this.lines.push(this.line(stored, key));
        return this.$nextTick(() => this.$el.querySelector('tbody tr:last-child :is(input, select)')?.focus());
      }
      const line = this.lines.find((l) => l.key === key);
      if (!line) return;
      if (act === 'change') return this.kept(line, stored);
      const n = this.at(line);
      this.lines.splice(n, 1);
      if (act === 'move') this.lines.splice(n + by, 0, line);
      this.moved();
    },
    kept(line, stored) {
      clearTimeout(line.lost);
      const sent = line.sent;
      Object.assign(line, { sent: null, shown: stored, fault: '' });
      for (const c of this.columns) if (line.text[c.name] === sent?.[c.name]) line.text[c.name] = stored[c.name];
      line.state = '';
      this.send(line);
      this.turn();
    },
    refused(key, sentence) {
      const line = this.lines.find((l) => l.key === key);
      if (!line) return;
      clearTimeout(line.lost);
      const moving = !line.sent; // what is refused is the move, not what was typed
      Object.assign(line, { sent: null, fault: sentence });
      this.acts = this.acts.filter(([, asked]) => asked !== line);
      if (moving) this.moved(); else this.turn();
    },
  },
};
