/* The demo's clock in the top bar: business time runs on in China time. */
(() => {
  const form = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const draw = () => {
    for (const box of document.querySelectorAll('[data-clock-offset]')) {
      const at = new Date(Date.now() + Number(box.dataset.clockOffset));
      const parts = Object.fromEntries(form.formatToParts(at).map((p) => [p.type, p.value]));
      box.textContent = `${box.dataset.clockBefore} ${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}`;
      box.dateTime = at.toISOString();
    }
  };
  let looks = 0;
  const first = setInterval(() => {  // the page is drawn by script as well: its bar stands a moment after this runs
    draw();
    looks += 1;
    if (looks === 60 || document.querySelector('[data-clock-offset]')) clearInterval(first);
  }, 50);
  setInterval(draw, 1000);
})();
