// The desk's service worker. Invariant: it keeps built files alone (their names carry a hash) and the page that is shown
// without a connection; answers of the site, which hold data, are never kept.
const CACHE = 'desk-files-1';
const BUILT = '/assets/frappe/desk/assets/';
const OFFLINE = '/offline.html';
const MOST_FILES = 300;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.add(OFFLINE)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (pathname.startsWith(BUILT)) event.respondWith(built(request));
  else if (request.mode === 'navigate') event.respondWith(fetch(request).catch(() => caches.match(OFFLINE).then((page) => page ?? Response.error())));
});

async function built(request) {
  const cache = await caches.open(CACHE);
  const known = await cache.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
    await tidy(cache);
  }
  return answer;
}

/** Files of earlier builds go, the oldest first. */
async function tidy(cache) {
  const keys = (await cache.keys()).filter((request) => new URL(request.url).pathname !== OFFLINE);
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_FILES)).map((request) => cache.delete(request)));
}
