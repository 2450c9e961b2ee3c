// Stands inside index.html and runs before anything else arrives: the theme before the first paint,
// the question who is here, and the files of the page asked for, on their way all at once.
(function () {
  var root = document.documentElement;
  var files = __FILES__;
  var lang = /^(ru|be|kk|uk)/i.test(navigator.language) ? 'ru' : 'en';
  var known = false;
  var page = '/' + location.pathname.split('/')[1];
  var list;
  try {
    var scheme = localStorage.getItem('otklik.theme');
    var dark =
      scheme === 'dark' ||
      (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
    root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
    var chosen = localStorage.getItem('otklik.lang');
    if (chosen === 'ru' || chosen === 'en') lang = chosen;
    known = localStorage.getItem('otklik.known') !== null;
    list = JSON.parse(localStorage.getItem('otklik.ahead') || '{}')[page + location.search];
  } catch (e) {
    // Storage may be forbidden; the system theme and the browser's language then decide.
  }
  root.lang = lang;
  function ask(url) {
    var answer = fetch(url, { credentials: 'same-origin' });
    answer.catch(function () {}); // told by the page
    return answer;
  }
  window.otklik_session = ask('/api/v1/session');
  // The list that this page asked for first the last time (api/ahead.ts); in a browser that never
  // opened the inbox, the one that the inbox begins with.
  if (!list && page + location.search === '/inbox') list = '/api/v1/signals?state=new&limit=100';
  if (known && /^\/api\/v1\//.test(list)) window.otklik_ahead = { url: list, answer: ask(list) };
  function ahead(name) {
    var link = document.createElement('link');
    link.rel = /\.css$/.test(name) ? 'preload' : 'modulepreload';
    if (link.rel === 'preload') link.as = 'style';
    link.crossOrigin = ''; // as they are asked for later, so that one answer serves both
    link.href = name;
    document.head.appendChild(link);
  }
  (files[lang] || []).forEach(ahead);
  // A stranger sees the sign-in page first; the desk follows it.
  if (!known) return;
  (files.desk || []).forEach(ahead);
  (files[page] || []).forEach(ahead);
})();
