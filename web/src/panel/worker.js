// Keeps the panel's files, so that it opens without network; never touches /api. The build writes
// the list and its version in: another list is another worker, and the browser brings it.
const version = '__VERSION__';
const files = JSON.parse('__FILES__');
const cache_name = `otklik-panel-${version}`;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(cache_name)
      .then((cache) => cache.addAll(files.map((file) => new Request(file, { cache: 'reload' }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => name.startsWith('otklik-panel-') && name !== cache_name)
            .map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== 'GET' || address.origin !== location.origin) return;
  if (address.pathname.startsWith('/api/')) return;
  const wanted = event.request.mode === 'navigate' ? '/panel' : address.pathname;
  event.respondWith(
    caches
      .open(cache_name)
      .then((cache) => cache.match(wanted))
      .then((kept) => kept ?? fetch(event.request)),
  );
});
