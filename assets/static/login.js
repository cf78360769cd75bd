/* After signing out nothing of what was typed stays in this tab; a sign-in that ran out keeps it for the same person. */
(function () {
  if (location.search.indexOf('out=1') < 0) return;
  Object.keys(sessionStorage).forEach(function (key) { if (key.indexOf('typed:') === 0) sessionStorage.removeItem(key); });
})();
