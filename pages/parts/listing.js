// One list: the server sends a page of texts and hears what the person asks for. Menus are drawn when they are opened.
const WAIT_MS = 300; // while typing in the search box
const NARROWEST = 48, WIDEST = 800, STEP = 16; // px of a column

const ICON = 'class="q-icon notranslate material-icons" aria-hidden="true"';

const Columns = {
  props: { columns: Array, keys: Array, widths: Object },
  emits: ['show', 'move', 'widen', 'reset'],
  template: `
    <ul class="dj-columns">
      <li v-for="c in order" :key="c.key">
        <label><input type="checkbox" :checked="at(c) >= 0" :disabled="c.first" @change="$emit('show', c.key, $event.target.checked)">{{ c.head }}</label>
        <button v-for="way in [-1, 1]" type="button" class="dj-small" :data-at="c.key + way" :aria-label="(way < 0 ? '左移 ' : '右移 ') + c.head"
          :aria-disabled="!movable(c, way)" @click="move(c, way)">{{ way < 0 ? '←' : '→' }}</button>
        <button v-for="way in [-1, 1]" type="button" class="dj-small" :aria-label="(way < 0 ? '变窄 ' : '变宽 ') + c.head"
          :aria-disabled="at(c) < 0" @click="at(c) >= 0 && $emit('widen', c.key, way)">{{ way < 0 ? '−' : '+' }}</button>
      </li>
    </ul>
    <button type="button" class="dj-do dj-flat" @click="$emit('reset')">恢复默认</button>`,
  computed: {
    order() { return [...this.keys.map((key) => this.columns.find((c) => c.key === key)), ...this.columns.filter((c) => this.at(c) < 0)]; },
  },
  methods: {
    at(c) { return this.keys.indexOf(c.key); },
    movable(c, way) { return this.at(c) > 0 && this.at(c) + way > 0 && this.at(c) + way < this.keys.length; },
    move(c, way) {
      if (!this.movable(c, way)) return;
      const menu = this.$el.parentElement;
      this.$emit('move', c.key, this.at(c) + way);
      this.$nextTick(() => menu.querySelector(`[data-at="${CSS.escape(c.key + way)}"]`)?.focus()); // moved in the document, it lost the focus
    },
  },
};

const Views = {
  props: { views: Array, shares: Boolean },
  emits: ['take', 'keep', 'drop'],
  template: `
    <p v-if="!views" class="dj-note">正在读取……</p>
    <p v-else-if="!views.length" class="dj-note">还没有视图。设好筛选、排序和列，起个名称保存，以后一点就到。</p>
    <ul v-else class="dj-views">
      <li v-for="view in views" :key="view.shared + view.title">
        <button type="button" class="dj-view" @click="$emit('take', view.title, view.shared)">{{ view.title }}<small v-if="view.shared">共享：{{ view.by }}</small></button>
        <button v-if="!view.shared || shares" type="button" class="dj-small" :aria-label="'删除 ' + view.title" @click="$emit('drop', view.title, view.shared)">×</button>
      </li>
    </ul>
    <form class="dj-keep" @submit.prevent="$emit('keep', title, share)">
      <label>把当前筛选、排序和列保存为<input v-model="title" type="text" maxlength="30" required placeholder="视图名称"></label>
      <label v-if="shares" class="dj-share"><input v-model="share" type="checkbox">共享给本单位</label>
      <button type="submit" class="dj-do dj-full">保存视图</button>
    </form>`,
  data() { return { title: '', share: false }; },
};

export default {
  components: { Columns, Views },
  props: {
    title: String, search: String, columns: Array, filters: Array, bulk: Array, actions: Array, exports: Boolean, shares: Boolean, empty: Array, layout: Array, page: Object,
  },
  template: `
  <div class="dj-list">
    <div class="dj-tools">
      <label v-if="search" class="dj-search"><i ${ICON}>search</i>
        <input ref="search" type="search" maxlength="60" aria-label="搜索" :placeholder="search" :value="text" autocomplete="off"
          @input="type($event.target.value)" @keydown.enter="send" @keydown.down.prevent="focus(0)"></label>
      <select v-for="[key, label, options] in filters" :key="key" class="dj-choice" :aria-label="label" :value="page.filters[key] || ''" @change="ask('choose', key, $event.target.value)">
        <option value="">{{ label }}（全部）</option>
        <option v-for="[value, word] in options" :key="value" :value="value">{{ word }}</option>
      </select>
      <span class="dj-grow"></span>
      <button v-for="(word, at) in bulk" type="button" class="dj-do" @click="ask('bulk', at, [...ticked])">{{ word }}</button>
      <template v-for="([word, address, icon], at) in actions">
        <a v-if="address" :href="address" class="dj-do"><i v-if="icon" ${ICON}>{{ icon }}</i>{{ word }}</a>
        <button v-else type="button" class="dj-do dj-full" @click="ask('act', at)"><i v-if="icon" ${ICON}>{{ icon }}</i>{{ word }}</button>
      </template>
      <button type="button" class="dj-do" aria-haspopup="dialog" :aria-expanded="open === 'columns'" @click="open = 'columns'"><i ${ICON}>view_column</i>列
        <q-menu v-if="open === 'columns'" :model-value="true" class="dj-drop-down" role="dialog" aria-label="显示的列" @hide="open = ''">
          <Columns :columns="all" :keys="keys" :widths="widths" @show="show" @move="move" @widen="widen" @reset="reset" />
        </q-menu></button>
      <button type="button" class="dj-do" aria-haspopup="dialog" :aria-expanded="open === 'views'" @click="openViews"><i ${ICON}>bookmark_border</i>视图
        <q-menu v-if="open === 'views'" :model-value="true" class="dj-drop-down" role="dialog" aria-label="保存的视图" @hide="open = ''">
          <Views :views="views" :shares="shares" @take="take" @keep="(...said) => ask('views', 'keep', ...said)" @drop="(...said) => ask('views', 'drop', ...said)" />
        </q-menu></button>
      <button v-if="exports" type="button" class="dj-do" @click="ask('export')"><i ${ICON}>download</i>导出XLSX</button>
    </div>
    <div v-if="chips.length" class="dj-chips">
      <button v-for="[key, label, word] in chips" :key="key" type="button" class="dj-chip" :aria-label="'清除 ' + label" @click="drop(key)">{{ label }}：{{ word }}<i ${ICON}>close</i></button>
      <button type="button" class="dj-do dj-flat" @click="clear">全部清除</button>
    </div>
    <div v-if="page.rows.length" class="dj-rows" role="region" :aria-label="title" tabindex="0">
      <table :class="{ 'dj-ticks': bulk.length }">
        <thead><tr>
          <th v-if="bulk.length" class="dj-tick"><input type="checkbox" aria-label="选择本页全部" :checked="ticked.size === page.rows.length"
            :indeterminate="ticked.size > 0 && ticked.size < page.rows.length" @change="tickAll($event.target.checked)"></th>
          <th v-for="c in shown" :key="c.key" scope="col" :style="c.style" :class="c.css" :aria-sort="c.sort ? c.sorted || 'none' : null" :draggable="!c.first"
            @dragstart="lift(c, $event)" @dragover="over(c, $event)" @drop.prevent="put(c)" @dragend="lifted = onto = ''">
            <button v-if="c.sort" type="button" class="dj-sort" @click="order(c)">{{ c.head }}<span aria-hidden="true">{{ c.sign }}</span></button>
            <template v-else>{{ c.head }}</template>
            <span class="dj-edge" aria-hidden="true" @mousedown.prevent @pointerdown="pull(c, $event)"></span>
          </th>
        </tr></thead>
        <tbody @click="click" @keydown="press" @mouseover="tell">
          <tr v-for="[id, opens, cells] in page.rows" :key="id" :class="opens ? 'dj-opens' : null">
            <td v-if="bulk.length" class="dj-tick"><input type="checkbox" :aria-label="'选择 ' + cells[0]" :checked="ticked.has(id)" @change="tick(id, $event.target.checked)"></td>
            <td v-for="(c, at) in shown" :key="c.key" :style="c.style" :class="c.css">
              <a v-if="!at && opens" :href="opens">{{ cells[c.at] || '（未填）' }}</a><template v-else>{{ cells[c.at] }}</template></td>
          </tr>
        </tbody>
      </table>
    </div>
    <div v-else class="dj-empty">
      <template v-if="chips.length">
        <p>没有符合条件的记录。请减少筛选条件，或核对搜索的字词。</p>
        <button type="button" class="dj-do" @click="clear">清除筛选</button>
      </template>
      <template v-else>
        <p>{{ empty[0] }}</p>
        <template v-for="[word, address, icon] in empty[1]">
          <a v-if="address" :href="address" class="dj-do dj-full"><i v-if="icon" ${ICON}>{{ icon }}</i>{{ word }}</a>
          <button v-else type="button" class="dj-do dj-full" @click="ask('act', -1)"><i v-if="icon" ${ICON}>{{ icon }}</i>{{ word }}</button>
        </template>
      </template>
    </div>
    <div class="dj-pages">
      <span role="status">{{ page.count }}<template v-if="ticked.size">，已选{{ ticked.size }}条</template></span>
      <button v-if="page.open" type="button" class="dj-do dj-flat" @click="ask('count')">精确计数</button>
      <span class="dj-grow"></span>
      <button v-for="[where, word] in page.back || page.forth ? ways : []" :key="where" type="button" class="dj-do" :aria-disabled="!leads(where)" @click="leads(where) && ask('go', where)">{{ word }}</button>
    </div>
  </div>`,
  data() {
    return {
      text: this.page.filters.q || '', ticked: new Set(), open: '', views: null, lifted: '', onto: '',
      keys: [...this.layout[0]], widths: { ...this.layout[1] }, ways: [['first', '首页'], ['back', '上一页'], ['forth', '下一页'], ['last', '末页']],
    };
  },
  computed: {
    all() { return this.columns.map(([key, head, align, width, sort, hidden], at) => ({ key, head, align, width, sort, hidden, at, first: !at })); },
    shown() {
      const of = Object.fromEntries(this.all.map((c) => [c.key, c]));
      return this.keys.map((key) => {
        const c = of[key], px = this.widths[key] && `${this.widths[key]}px`, way = { [key]: 'ascending', [`-${key}`]: 'descending' }[this.page.sort];
        const css = [c.first && 'dj-first', c.align === 'right' && 'dj-figure', this.onto === key && 'dj-onto'].filter(Boolean).join(' ') || null;
        return { ...c, css, sorted: way, sign: { ascending: '▲', descending: '▼' }[way] || '↕', style: px ? { width: px, minWidth: px, maxWidth: px } : c.width ? { width: c.width } : null };
      });
    },
    chips() {
      const words = Object.fromEntries(this.filters.map(([key, label, options]) => [key, [label, Object.fromEntries(options)]]));
      return Object.entries(this.page.filters).map(([key, value]) => [key, words[key]?.[0] || '搜索', words[key]?.[1][value] || value]);
    },
  },
  watch: {
    page(now) {
      this.ticked = new Set();
      if (document.activeElement !== this.$refs.search) this.text = now.filters.q || '';
    },
    layout([keys, widths, n], [, , before]) {
      if (n !== before) [this.keys, this.widths] = [[...keys], { ...widths }]; // else what was done here since is newer
    },
  },
  mounted() {
    requestAnimationFrame(this.fit);
    addEventListener('resize', this.fit);
  },
  unmounted() { removeEventListener('resize', this.fit); },
  methods: {
    fit() { this.$el.style.setProperty('--dj-above', `${this.$el.getBoundingClientRect().top + scrollY}px`); }, // so that count and pages stay in sight
    ask(...wish) {
      if (this.timer) this.send(); // what was typed comes first
      this.$emit('ask', wish);
    },
    type(text) {
      this.text = text;
      clearTimeout(this.timer);
      this.timer = setTimeout(this.send, WAIT_MS);
    },
    send() {
      this.timer = clearTimeout(this.timer);
      this.$emit('ask', ['choose', 'q', this.text]);
    },
    drop(key) {
      if (key === 'q') this.text = '';
      this.ask('choose', key, '');
    },
    clear() {
      this.text = '';
      this.ask('clear');
    },
    order(c) { this.ask('sort', { ascending: `-${c.key}`, descending: '' }[c.sorted] ?? c.key); },
    leads(where) { return { first: this.page.back, back: this.page.back, forth: this.page.forth, last: this.page.forth }[where]; },
    tick(id, on) { this.ticked[on ? 'add' : 'delete'](id); },
    tickAll(on) { this.ticked = new Set(on ? this.page.rows.map(([id]) => id) : []); },
    click(event) {
      if (event.target.closest('a, button, input') || String(getSelection())) return;
      event.target.closest('tr').querySelector('a')?.click();
    },
    tell({ target }) { // what is cut off
      if (target.matches('td')) target.title = target.scrollWidth > target.clientWidth ? target.innerText : '';
    },
    focus(at) {
      const row = this.$el.querySelectorAll('tbody tr')[at];
      (row?.querySelector('a') || row?.querySelector('input'))?.focus();
      return row;
    },
    press(event) {
      const row = event.target.closest('tr'), at = row.rowIndex - 1;
      if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === 'ArrowDown') this.focus(at + 1);
      else if (event.key === 'ArrowUp' && at) this.focus(at - 1);
      else if (event.key === 'ArrowUp' || event.key === 'Escape') this.$refs.search?.focus();
      else if (event.key === ' ' && event.target.matches('a')) row.querySelector('input')?.click();
      else return;
      event.preventDefault();
    },
    keep() { this.ask('layout', { columns: this.keys, widths: this.widths }); },
    reset() {
      [this.keys, this.widths] = [this.all.filter((c) => !c.hidden).map((c) => c.key), {}];
      this.ask('reset');
    },
    show(key, on) {
      this.keys = on ? [...this.keys, key] : this.keys.filter((k) => k !== key);
      this.keep();
    },
    move(key, to) {
      const rest = this.keys.filter((k) => k !== key);
      this.keys = [...rest.slice(0, to), key, ...rest.slice(to)];
      this.keep();
    },
    widen(key, way) {
      this.widths[key] = this.bounded((this.widths[key] || this.widthOf(key)) + way * STEP);
      this.keep();
    },
    bounded(px) { return Math.round(Math.min(Math.max(px, NARROWEST), WIDEST)); },
    widthOf(key) { return this.headOf(key).offsetWidth; },
    headOf(key) { return this.$el.querySelectorAll('thead th[scope=col]')[this.keys.indexOf(key)]; },
    pull(c, event) {
      const edge = event.target, from = event.clientX, width = this.widthOf(c.key);
      edge.setPointerCapture(event.pointerId);
      edge.onpointermove = (now) => { this.widths[c.key] = this.bounded(width + now.clientX - from); };
      edge.onpointerup = () => { edge.onpointermove = edge.onpointerup = null; this.keep(); };
    },
    lift(c, event) {
      this.lifted = c.key;
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', c.head);
    },
    over(c, event) {
      if (!this.lifted || c.first) return;
      event.preventDefault();
      this.onto = c.key;
    },
    put(c) {
      if (this.lifted && !c.first && c.key !== this.lifted) this.move(this.lifted, this.keys.indexOf(c.key));
      this.lifted = this.onto = '';
    },
    openViews() {
      if (this.open === 'views') return;
      this.open = 'views';
      this.views = null;
      this.ask('views');
    },
    take(title, shared) {
      this.open = '';
      this.ask('views', 'take', title, shared);
    },
    offer(views) { this.views = views; },
  },
};
