// Runs before the first paint, so that a chosen theme never flashes the other one.
(function () {
  var root = document.documentElement;
  try {
    var scheme = localStorage.getItem('otklik.theme');
    var dark = scheme === 'dark' ||
      (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
    root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
    var lang = localStorage.getItem('otklik.lang');
    if (lang === 'ru' || lang === 'en') root.lang = lang;
  } catch (e) {
    // Storage may be forbidden; the system theme then decides.
  }
})();
