/* What was typed into a [data-field] and is not yet saved stays in this tab, beside the value that was shown when typing began.
   After a reload it is put back only where that value is still the stored one; else it is offered beside the field.
   Kept by person and page; cleared at sign-out (login.js). Fields with ID numbers or scores carry no data-field. */
(() => {
  const person = document.querySelector('meta[name=dj-person]')?.content ?? '';
  const place = () => `typed:${person}:${location.pathname}`;
  const read = () => JSON.parse(sessionStorage.getItem(place()) || '{}');
  const write = (all) => (Object.keys(all).length ? sessionStorage.setItem(place(), JSON.stringify(all)) : sessionStorage.removeItem(place()));
  const boxOf = (f) => {
    const found = document.querySelector(`[data-field="${CSS.escape(f)}"]`);
    return found?.matches('input,textarea') ? found : found?.querySelector('input,textarea');
  };
  const fieldOf = (e) => e.target.closest?.('[data-field]')?.dataset.field;
  const before = {}; // field → value when it was entered
  const shownIn = (f, box) => box.dataset.shown ?? before[f] ?? box.value; // a form tells what it holds as stored

  addEventListener('focusin', (e) => { const f = fieldOf(e); if (f && !(f in before)) before[f] = e.target.value ?? ''; }, true);
  addEventListener('input', (e) => {
    const f = fieldOf(e);
    if (!f) return;
    const all = read();
    write({ ...all, [f]: { ...all[f], shown: all[f]?.shown ?? e.target.dataset.shown ?? before[f] ?? '', typed: e.target.value } });
  }, true);

  window.sent = (f, value) => { // called by a form: what is on its way may be kept though no answer comes back
    const all = read();
    if (all[f]) write({ ...all, [f]: { ...all[f], sent: [...(all[f].sent ?? []), value] } });
  };

  window.saved = (f, value) => { // called by the server after the commit
    const all = read();
    before[f] = value;
    if (all[f]?.typed === value) delete all[f];
    else if (all[f]) Object.assign(all[f], { shown: value, sent: [] });
    write(all);
  };

  const put = (box, value) => {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), 'value').set.call(box, value);
    box.dispatchEvent(new Event('input', { bubbles: true }));
    box.dispatchEvent(new FocusEvent('blur'));
  };

  const offer = (f, box, typed) => { // another person saved meanwhile: never overwrite, never lose
    const note = document.createElement('div');
    note.className = 'dj-typed';
    note.setAttribute('role', 'status');
    const take = document.createElement('button'), drop = document.createElement('button');
    note.append(`此项已被改过。您中断前输入的是：${typed} `, take, drop);
    take.type = drop.type = 'button';
    take.textContent = '填入我的内容';
    drop.textContent = '放弃';
    const end = () => { note.remove(); const all = read(); delete all[f]; write(all); };
    take.onclick = () => { end(); put(box, typed); };
    drop.onclick = end;
    (box.closest('.q-field, .dj-field') ?? box).after(note);
  };

  const back = setInterval(() => {
    if (!window.did_handshake) return;
    clearInterval(back);
    for (const [f, { shown, typed, sent = [] }] of Object.entries(read())) {
      const box = boxOf(f);
      if (!box) continue;
      before[f] = shownIn(f, box);
      if (before[f] === typed) window.saved(f, typed);
      else if (before[f] === shown || sent.includes(before[f])) put(box, typed);
      else offer(f, box, typed);
    }
  }, 50);
})();
