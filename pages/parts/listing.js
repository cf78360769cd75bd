// One list: the server sends a page of texts and hears what the person asks for. Menus are drawn when they are opened.
import { h, resolveComponent } from 'vue';

const WAIT_MS = 300; // while typing in the search box
const NARROWEST = 48, WIDEST = 800, STEP = 16; // px of a column

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
    <form class="dj-keep" @submit.prevent="keep">
      <label>把当前筛选、排序和列保存为<input v-model="title" type="text" maxlength="30" required placeholder="视图名称"></label>
      <label v-if="shares" class="dj-share"><input v-model="share" type="checkbox">共享给本单位</label>
      <button type="submit" class="dj-do dj-full">保存视图</button>
    </form>`,
  data() { return { title: '', share: false }; },
  methods: {
    keep() {
      this.$emit('keep', this.title, this.share);
      this.title = '';
    },
  },
};

const icon = (name) => name && h('i', { class: 'q-icon notranslate material-icons', 'aria-hidden': 'true' }, name);
const button = (css, words, click, more) => h('button', { type: 'button', class: css, onClick: click, ...more }, words);
const grow = () => h('span', { class: 'dj-grow' });

export default { // drawn by functions: to compile a template of this size would take longer than to draw it
  props: {
    title: String, search: String, columns: Array, filters: Array, bulk: Array, actions: Array, exports: Boolean, shares: Boolean, empty: Array, layout: Array, page: Object,
  },
  render() { return h('div', { class: 'dj-list' }, [this.tools(), this.chips.length ? this.chipRow() : null, this.page.rows.length ? this.rows() : this.nothing(), this.foot()]); },
  data() {
    return {
      text: this.page.filters.q || '', ticked: new Set(), open: '', views: null, lifted: '', onto: '',
      keys: [...this.layout[0]], widths: { ...this.layout[1] },
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
    tools() {
      const found = this.search && h('label', { class: 'dj-search' }, [icon('search'), h('input', {
        ref: 'search', type: 'search', maxlength: 60, 'aria-label': '搜索', placeholder: this.search, value: this.text, autocomplete: 'off',
        onInput: (event) => this.type(event.target.value), onKeydown: this.leave,
      })]);
      const choices = this.filters.map(([key, label, options]) => h('select', {
        key, class: 'dj-choice', 'aria-label': label, value: this.page.filters[key] || '', onChange: (event) => this.ask('choose', key, event.target.value),
      }, [['', `${label}（全部）`], ...options].map(([value, word]) => h('option', { key: value, value }, word))));
      return h('div', { class: 'dj-tools' }, [
        found, choices, h('div', { class: 'dj-acts' }, [
          this.bulk.map((word, at) => button('dj-do', word, () => this.ask('bulk', at, [...this.ticked]))),
          this.actions.map((action, at) => this.action(action, at, !action[1])),
          this.menu('columns', 'view_column', '列', '显示的列', () => h(Columns, {
            columns: this.all, keys: this.keys, widths: this.widths, onShow: this.show, onMove: this.move, onWiden: this.widen, onReset: this.reset })),
          this.menu('views', 'bookmark_border', '视图', '保存的视图', () => h(Views, {
            views: this.views, shares: this.shares, onTake: this.take,
            onKeep: (...said) => this.ask('views', 'keep', ...said), onDrop: (...said) => this.ask('views', 'drop', ...said) })),
          this.exports && button('dj-do', [icon('download'), '导出XLSX'], () => this.ask('export')),
        ]),
      ]);
    },
    action([word, address, sign], at, full) {
      const css = full ? 'dj-do dj-full' : 'dj-do';
      return address ? h('a', { href: address, class: css }, [icon(sign), word]) : button(css, [icon(sign), word], () => this.ask('act', at));
    },
    menu(name, sign, word, label, inside) {
      const open = this.open === name;
      return button('dj-do', [icon(sign), word, open && h(resolveComponent('q-menu'), {
        modelValue: true, class: 'dj-drop-down', role: 'dialog', 'aria-label': label, onHide: () => { this.open = ''; } }, inside)],
      () => open || this.unfold(name), { 'aria-haspopup': 'dialog', 'aria-expanded': open });
    },
    chipRow() {
      return h('div', { class: 'dj-chips' }, [
        ...this.chips.map(([key, label, word]) => button('dj-chip', [`${label}：${word}`, icon('close')], () => this.drop(key), { key, 'aria-label': `清除 ${label}` })),
        button('dj-do dj-flat', '全部清除', this.clear)]);
    },
    rows() {
      const all = this.page.rows.length, ticked = this.ticked.size, some = this.bulk.length > 0;
      return h('div', { class: 'dj-rows', role: 'region', 'aria-label': this.title, tabindex: 0 }, h('table', { class: some ? 'dj-ticks' : null }, [
        h('thead', h('tr', [
          some && h('th', { class: 'dj-tick' }, h('input', {
            type: 'checkbox', 'aria-label': '选择本页全部', checked: ticked === all, indeterminate: ticked > 0 && ticked < all, onChange: (event) => this.tickAll(event.target.checked) })),
          this.shown.map((c) => h('th', {
            key: c.key, scope: 'col', style: c.style, class: c.css, 'aria-sort': c.sort ? c.sorted || 'none' : null, draggable: !c.first,
            onDragstart: (event) => this.lift(c, event), onDragover: (event) => this.over(c, event), onDrop: (event) => this.put(c, event), onDragend: () => { this.lifted = this.onto = ''; },
          }, [
            c.sort ? button('dj-sort', [c.head, h('span', { 'aria-hidden': 'true' }, c.sign)], () => this.order(c)) : c.head,
            h('span', { class: 'dj-edge', 'aria-hidden': 'true', onMousedown: (event) => event.preventDefault(), onPointerdown: (event) => this.pull(c, event) }),
          ])),
        ])),
        h('tbody', { onClick: this.click, onKeydown: this.press, onMouseover: this.tell }, this.page.rows.map(([id, opens, cells]) => h('tr', { key: id, class: opens ? 'dj-opens' : null }, [
          some && h('td', { class: 'dj-tick' }, h('input', {
            type: 'checkbox', 'aria-label': `选择 ${cells[0]}`, checked: this.ticked.has(id), onChange: (event) => this.tick(id, event.target.checked) })),
          this.shown.map((c, at) => h('td', { key: c.key, style: c.style, class: c.css }, !at && opens ? h('a', { href: opens }, cells[c.at] || '（未填）') : cells[c.at])),
        ]))),
      ]));
    },
    nothing() {
      return h('div', { class: 'dj-empty' }, this.chips.length
        ? [h('p', '没有符合条件的记录。请减少筛选条件，或核对搜索的字词。'), button('dj-do', '清除筛选', this.clear)]
        : [h('p', this.empty[0]), this.empty[1].map((action) => this.action(action, -1, true))]);
    },
    foot() {
      const { count, open, back, forth } = this.page, chosen = this.ticked.size ? `，已选${this.ticked.size}条` : '';
      const ways = [['first', '首页', back], ['back', '上一页', back], ['forth', '下一页', forth], ['last', '末页', forth]];
      return h('div', { class: 'dj-pages' }, [
        h('span', { role: 'status' }, count + chosen), open && button('dj-do dj-flat', '精确计数', () => this.ask('count')), grow(),
        (back || forth) && ways.map(([where, word, leads]) => button('dj-do', word, () => leads && this.ask('go', where), { key: where, 'aria-disabled': !leads })),
      ]);
    },
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
    leave(event) {
      if (event.key === 'Enter') this.send();
      if (event.key !== 'ArrowDown') return;
      event.preventDefault();
      this.focus(0);
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
    put(c, event) {
      event.preventDefault();
      if (this.lifted && !c.first && c.key !== this.lifted) this.move(this.lifted, this.keys.indexOf(c.key));
      this.lifted = this.onto = '';
    },
    unfold(name) {
      this.open = name;
      this.views = null;
      if (name === 'views') this.ask('views');
    },
    take(title, shared) {
      this.open = '';
      this.ask('views', 'take', title, shared);
    },
    offer(views) { this.views = views; },
  },
};
