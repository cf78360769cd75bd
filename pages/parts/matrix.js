export default {
  props: { fixed: Array, heads: Array, lines: Array, label: String },
  template: `
    <div class="dj-matrix">
      <p class="dj-note dj-matrix-told" role="status" aria-live="polite">{{ told }}</p>
      <div role="alert">
        <ul v-if="faults.length" class="dj-matrix-faults">
          <li v-for="fault in faults" :key="fault.at"><a href="#" @click.prevent="focus(fault.at)">{{ fault.whose }}</a>未保存：{{ fault.sentence }}</li>
        </ul>
      </div>
      <div class="dj-scroll" tabindex="0" role="region" :aria-label="label">
        <table class="dj-table">
          <thead><tr><th v-for="h in fixed" scope="col">{{ h }}</th><th v-for="h in heads" scope="col">{{ h }}</th></tr></thead>
          <tbody>
            <tr v-for="(line, r) in lines" :key="line.key">
              <td v-for="text in line.fixed">{{ text }}</td>
              <td v-for="(cell, c) in line.cells">
                <template v-if="cell[1]">
                  <input :data-at="r + '_' + c" :value="cells[r][c]" inputmode="decimal" maxlength="20" autocomplete="off"
                    :class="'dj-cell dj-cell-' + state[r][c]" :aria-label="line.fixed.join(' ') + ' ' + heads[c]" :aria-invalid="state[r][c] === 'bad'"
                    :title="why[r][c]" @input="edit(r, c, $event)" @change="send(r, c)" @keydown="key" @focus="$event.target.select()">
                </template>
                <span v-else>—</span>
              </td>
            </tr>
          </tbody>
        </table>
      </div>
    </div>`,
  data() {
    const each = (make) => this.lines.map((line) => line.cells.map(make));
    return { cells: each((c) => c[0]), sent: each((c) => c[0]), asked: each(() => null), state: each(() => ''), why: each(() => ''), told: '' };
  },
  computed: {
    faults() {
      return this.lines.flatMap((line, r) => line.cells.map((_, c) => ({ at: `${r}_${c}`, whose: `${line.fixed.join(' ')} ${this.heads[c]} `, sentence: this.why[r][c] })))
        .filter((fault) => fault.sentence);
    },
  },
  methods: {
    focus(at) { this.$el.querySelector(`[data-at="${at}"]`)?.focus(); },
    edit(r, c, event) { this.cells[r][c] = event.target.value; this.state[r][c] = 'typed'; },
    send(r, c) {
      const value = this.cells[r][c].trim(), shown = this.sent[r][c];
      if (value === this.asked[r][c]) return; // Enter sent it, leaving the cell says so again
      if (value === shown) {
        this.why[r][c] = '';
        if (this.state[r][c] !== 'kept') this.state[r][c] = '';
        return;
      }
      this.state[r][c] = 'sent';
      this.asked[r][c] = value;
      this.$emit('cell', { key: this.lines[r].key, column: c, value, shown });
    },
    key(event) {
      if (event.isComposing) return;
      const [r, c] = event.target.dataset.at.split('_').map(Number);
      const way = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      this.send(r, c);
      for (let next = r + way; next >= 0 && next < this.lines.length; next += way) {
        const box = this.$el.querySelector(`[data-at="${next}_${c}"]`);
        if (box) { box.focus(); return; }
      }
    },
    place(key, column) { return [this.lines.findIndex((line) => line.key === key), column]; },
    saved(key, column, stored, at) {
      const [r, c] = this.place(key, column);
      this.sent[r][c] = stored; this.why[r][c] = '';
      if (this.asked[r][c] === this.cells[r][c].trim()) { this.cells[r][c] = stored; this.state[r][c] = 'kept'; } // else typed on meanwhile
      this.asked[r][c] = null;
      this.told = `已保存 ${at}：${this.lines[r].fixed.join(' ')} ${this.heads[c]} ${stored}`;
    },
    refused(key, column, sentence) {
      const [r, c] = this.place(key, column);
      this.state[r][c] = 'bad'; this.why[r][c] = sentence; this.asked[r][c] = null; this.told = '';
    },
  },
};
