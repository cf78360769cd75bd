/* While a Chinese input method composes, no input and no key event reaches a handler; one input follows its end. */
(() => {
  let composing = false;
  addEventListener('compositionstart', () => { composing = true; }, true);
  addEventListener('compositionend', (e) => {
    composing = false;
    queueMicrotask(() => e.target.dispatchEvent(new InputEvent('input', { bubbles: true, data: e.data, inputType: 'insertFromComposition' })));
  }, true);
  addEventListener('input', (e) => { if (composing && e.isTrusted) e.stopImmediatePropagation(); }, true);
  for (const type of ['keydown', 'keyup', 'keypress'])
    addEventListener(type, (e) => { if (e.isComposing || e.keyCode === 229) e.stopImmediatePropagation(); }, true);
})();
