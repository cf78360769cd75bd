/* Classic script in ES5, first in <head>: a browser too old for these pages gets a Chinese page that says what to do. */
(function () {
  var ok = false;
  try {
    ok = CSS.supports('selector(:has(a))') && HTMLScriptElement.supports('importmap');
  } catch (e) {
    ok = false;
  }
  /* plain pages work in older ones as well: they carry no import map */
  document.addEventListener('DOMContentLoaded', function () {
    if (ok || !document.querySelector('script[type=importmap]')) return;
    document.body.innerHTML =
      '<div style="max-width:640px;margin:12vh auto;padding:24px;font:16px/1.8 \'Microsoft YaHei\',\'Noto Sans CJK SC\',sans-serif">' +
      '<h1 style="font-size:24px">浏览器过旧</h1>' +
      '<p>定级台的工作页面需要 Chromium 109 或更新的内核。请改用下列任意一种：</p>' +
      '<ul><li>Chrome 或 Edge 109 以上（Windows 7 可用 109 版）</li><li>360安全浏览器、QQ浏览器等的新版“极速模式”</li>' +
      '<li>统信、麒麟系统自带浏览器的新版</li></ul>' +
      '<p>换用后打开同一地址即可，已保存的内容不受影响。</p></div>';
  });
})();
