// A paper page by page: one question under way, the newest wish after it; keys turn the pages, the server draws what is looked at.
const ZOOMS = [[0, '适合宽度'], [1, '100%'], [1.5, '150%']];
const MOST_PRINTED = 20; // pages as pictures; a longer paper is printed from its PDF
const MARGIN = 12; // px beside the sheet
const STEP = 60; // px of an arrow key
const SETTLED_MS = 150; // after the last change of the room

export default {
  props: { title: String, paper: Number, turn: Number, answer: Object, gaps: Number, closes: Boolean },
  template: `
    <section class="dj-preview" :aria-label="title ? '预览 ' + title : '预览'" @keydown="key">
      <div class="dj-preview-bar">
        <strong class="dj-preview-title">{{ title }}</strong>
        <span v-if="open" class="dj-preview-group" role="group" aria-label="翻页">
          <button type="button" :aria-disabled="page === 1" aria-label="上一页" title="上一页（PageUp）" @click="go(page - 1)"><q-icon name="chevron_left" aria-hidden="true" /></button>
          <label>第 <input type="text" inputmode="numeric" maxlength="5" autocomplete="off" :value="page" aria-label="页码" @change="go(Number($event.target.value), $event.target)"> / {{ pages }} 页</label>
          <button type="button" :aria-disabled="page === pages" aria-label="下一页" title="下一页（PageDown）" @click="go(page + 1)"><q-icon name="chevron_right" aria-hidden="true" /></button>
        </span>
        <span v-if="open" class="dj-preview-group" role="group" aria-label="缩放">
          <button v-for="[value, word] in zooms" :key="value" type="button" :aria-pressed="zoom === value" @click="zoom = value; ask()">{{ word }}</button>
        </span>
        <span class="dj-preview-group">
          <button v-if="open" type="button" @click="$emit('save')"><q-icon name="download" aria-hidden="true" />PDF</button>
          <button v-if="open && pages <= most" type="button" @click="print"><q-icon name="print" aria-hidden="true" />{{ printed ? '停止（' + printed.length + ' / ' + pages + '）' : '打印' }}</button>
          <span v-if="open && pages > most" class="dj-note">超过{{ most }}页，请下载PDF打印</span>
          <button v-if="closes" type="button" title="Esc" @click="$emit('close')"><q-icon name="close" aria-hidden="true" />关闭</button>
        </span>
      </div>
      <div ref="sheets" class="dj-preview-sheets" tabindex="0" data-autofocus role="region" aria-label="页面">
        <p :class="shown || gaps ? 'dj-hidden' : 'dj-note'" role="status">{{ told }}</p>
        <div v-show="gaps"><slot></slot></div>
        <img v-if="shown && !gaps" :src="shown.src" :alt="title + ' ' + told" :style="{ width: shown.width + 'px' }">
      </div>
    </section>`,
  data() {
    return { page: 1, pages: 0, zoom: 0, room: 0, shown: null, failed: false, stale: false, asked: null, printed: null, n: 0, zooms: ZOOMS, most: MOST_PRINTED };
  },
  computed: {
    open() { return this.pages > 0 && !this.gaps; },
    told() {
      if (!this.title) return '';
      if (this.gaps) return `${this.title}有${this.gaps}项需要先办理`;
      if (this.failed) return '这一页没有生成，请关闭后重试。';
      return this.shown ? `第${this.shown.page}页，共${this.pages}页` : '正在生成…';
    },
  },
  watch: {
    paper() { Object.assign(this, { page: 1, pages: 0, shown: null }); },
    turn() { Object.assign(this, { asked: null, printed: null }); this.$nextTick(this.ask); },
    answer(now) { if (now) this.take(now); },
  },
  mounted() {
    this.watcher = new ResizeObserver(() => { clearTimeout(this.timer); this.timer = setTimeout(this.fit, this.room ? SETTLED_MS : 0); });
    this.watcher.observe(this.$refs.sheets);
  },
  unmounted() { this.watcher.disconnect(); clearTimeout(this.timer); },
  methods: {
    fit() {
      const room = this.$refs.sheets.clientWidth - 2 * MARGIN;
      if (room <= 0 || room === this.room) return;
      const first = !this.room;
      this.room = room;
      if (first || !this.zoom) this.ask();
    },
    ask() { this.stale = true; this.next(); },
    next() {
      const printing = !this.stale && this.printed !== null;
      if (this.asked || !this.title || !this.room || !(this.stale || printing)) return; // no place yet: the first look at the room asks
      this.stale = false;
      this.asked = { n: ++this.n, page: printing ? this.printed.length + 1 : this.page, zoom: this.zoom, room: this.room, ratio: window.devicePixelRatio, printing };
      this.$emit('want', this.asked);
    },
    take(now) {
      if (now.n !== this.asked?.n) return;
      const printing = this.asked.printing;
      this.asked = null;
      if (!now.src) Object.assign(this, { failed: true, printed: null });
      else if (printing) this.collect(now);
      else {
        if (!this.shown) this.hold();
        if (now.page !== this.shown?.page) this.$refs.sheets.scrollTo(0, 0);
        Object.assign(this, { shown: now, pages: now.pages, failed: false, page: this.stale ? this.page : now.page });
      }
      this.next();
    },
    hold() { // the first page is there: the keys must work, also where the window has not yet taken the focus
      if (this.closes && !this.$el.contains(document.activeElement)) this.$refs.sheets.focus();
    },
    go(page, box) {
      const there = Math.min(Math.max(Math.trunc(page) || this.page, 1), this.pages);
      if (box) box.value = there; // also where nothing changes
      if (there === this.page) return;
      this.page = there;
      this.ask();
    },
    key(event) {
      if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || !this.open || event.target.matches('input')) return;
      const box = this.$refs.sheets, wide = box.scrollWidth > box.clientWidth;
      const turn = { PageDown: this.page + 1, PageUp: this.page - 1, Home: 1, End: this.pages, ...(wide ? {} : { ArrowRight: this.page + 1, ArrowLeft: this.page - 1 }) }[event.key];
      const move = { ArrowRight: [STEP, 0], ArrowLeft: [-STEP, 0], ArrowDown: [0, STEP], ArrowUp: [0, -STEP] }[event.key];
      if (turn === undefined && !move) return;
      event.preventDefault();
      if (turn === undefined) box.scrollBy(...move); // also while the focus is on a button
      else this.go(turn);
    },
    print() {
      this.printed = this.printed ? null : [];
      this.next();
    },
    collect(now) {
      if (!this.printed) return; // stopped meanwhile
      this.printed.push(now);
      if (now.page < now.pages) return;
      lay(this.printed, this.title);
      this.printed = null;
    },
  },
};

// Lays the pages on sheets of their own size and prints; nothing of them stays. They stand beside the body: Quasar fixes it under an open window.
async function lay(pages, title) {
  const name = ({ sheet: [w, h] }) => `dj-${Math.round(w)}-${Math.round(h)}`;
  const style = document.createElement('style'), box = document.createElement('div');
  style.textContent = pages.map((p) => `@page ${name(p)} { size: ${p.sheet[0]}mm ${p.sheet[1]}mm; margin: 0 }`).join('\n');
  box.className = 'dj-printed';
  for (const p of pages) {
    const sheet = document.createElement('div'), picture = new Image();
    Object.assign(sheet.style, { page: name(p), height: `${p.sheet[1] - 0.2}mm` }); // a little less, so that no empty sheet follows
    picture.style.width = `${p.sheet[0]}mm`;
    picture.alt = `${title} 第${p.page}页`;
    picture.src = p.src;
    sheet.append(picture);
    box.append(sheet);
  }
  document.documentElement.append(style, box);
  await Promise.all([...box.querySelectorAll('img')].map((picture) => picture.decode()));
  document.documentElement.classList.add('dj-printing');
  addEventListener('afterprint', () => { document.documentElement.classList.remove('dj-printing'); style.remove(); box.remove(); }, { once: true });
  window.print();
}
