/* The button that prints the page; our policy allows no script inside the page itself. */
document.querySelectorAll('[data-print]').forEach(function (button) { button.addEventListener('click', function () { window.print(); }); });
