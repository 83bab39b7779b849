// The service worker: without a connection it serves the annotate page again, with the sheets that are ready and their pictures. With one it
// answers nothing but what never changes (files and pictures whose address names their content): a page always comes from the server.
//
// It holds the pages of one person alone, and lets go of everything when somebody signs in or out. VERSION stands above this text when the
// server sends it: other files, another cache.

const PREFIX = new URL(self.registration.scope).pathname.slice(0, -1); // under which a proxy shows the site; empty at the root of its host
const FAMILY = `multilabelfy${PREFIX && `${PREFIX}/`}-`; // another workspace under this host has caches of its own
const CACHE = `${FAMILY}${VERSION}`;
const MOST_SHEETS = 24;
const ANNOTATE = below("(/d/[^/]+/annotate)(?:/(\\d+))?$");
const UNCHANGING = below("/(static|pictures|strips)/");
const PICTURE = below("/(pictures|strips)/");
const SIGNING = below("/sign-(in|out)");
const STATIC = below("/static/");
const AWAY = [502, 504]; // a proxy whose server is not there

let turn = Promise.resolve(); // one change of the cache after the other

self.addEventListener("install", () => self.skipWaiting());

// Asking for a page ahead of the worker (navigation preload) is off, and switched off where it was on: without a connection Firefox then shows
// its own error page instead of what the worker answers.
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([takeOver(), self.registration.navigationPreload?.disable()])));

self.addEventListener("message", (event) => {
  const acts = { begin, hold, drop };
  turn = turn.then(() => acts[event.data.kind](event.data)).catch((error) => console.info(error));
  event.waitUntil(turn);
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && SIGNING.test(pathname)) event.waitUntil(forgetAll());
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && ANNOTATE.test(pathname)) event.respondWith(annotatePage(request, pathname));
  else if (UNCHANGING.test(pathname) && isFromAnnotate(request)) event.respondWith(unchanging(request));
});

// Whether an address begins with such a path of this site.
function below(path) {
  return new RegExp(`^${PREFIX.replaceAll(".", "\\.")}${path}`);
}

// ---- what the page tells

async function takeOver() {
  const others = (await caches.keys()).filter((name) => name.startsWith(FAMILY) && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// The page around the sheets, and its files, as they are now.
async function begin({ owner, page, files }) {
  const cache = await cacheOf(owner);
  await Promise.all([...files, `${page}/shell`].map((address) => keep(cache, address)));
  await dropAnswered(cache, owner, page);
}

// What was answered is let go, wherever it was (in another browser, say): the server's word counts.
async function dropAnswered(cache, owner, page) {
  const handles = (await heldSheets(cache, page)).map((sheet) => sheet.assignment);
  if (!handles.length) return;
  const response = await fetch(`${page}/answered?of=${handles.join(".")}`, { redirect: "manual" });
  if (!response.ok) return;
  for (const assignment of (await response.json()).answered) await drop({ owner, page, assignment });
}

async function hold({ owner, page, assignment, html, pictures }) {
  const cache = await cacheOf(owner);
  const address = held(page, assignment);
  await cache.delete(address); // the newest stands last
  await cache.put(address, new Response(JSON.stringify({ assignment, html, pictures })));
  await Promise.all(pictures.map((picture) => keep(cache, picture)));
  const all = await heldSheets(cache, page);
  for (const old of all.slice(0, -MOST_SHEETS)) await drop({ owner, page, assignment: old.assignment });
}

async function drop({ owner, page, assignment }) {
  const cache = await cacheOf(owner);
  if (!(await cache.delete(held(page, assignment)))) return;
  const wanted = new Set((await heldSheets(cache, "")).flatMap((sheet) => sheet.pictures));
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (PICTURE.test(pathname) && !wanted.has(pathname)) await cache.delete(url);
  }
}

async function keep(cache, address) {
  if (UNCHANGING.test(address) && (await cache.match(address, { ignoreVary: true }))) return;
  const response = await fetch(address, { redirect: "manual" }).catch(() => null);
  if (response?.status === 200) await cache.put(address, response);
}

// The cache of this person; what it held of another one is gone.
async function cacheOf(owner) {
  const before = await (await (await caches.open(CACHE)).match("/offline/owner"))?.text();
  if (before && before !== owner) await caches.delete(CACHE);
  const cache = await caches.open(CACHE);
  if (before !== owner) await cache.put("/offline/owner", new Response(owner));
  return cache;
}

function forgetAll() {
  turn = turn.then(() => caches.delete(CACHE));
  return turn;
}

// ---- what it serves

async function annotatePage(request, pathname) {
  try {
    const response = await fetch(request);
    return AWAY.includes(response.status) ? ((await heldPage(pathname)) ?? response) : response;
  } catch {
    return (await heldPage(pathname)) ?? Response.error();
  }
}

// The page with the sheets that wait: the one whose address it is first.
async function heldPage(pathname) {
  const [, path, assignment] = ANNOTATE.exec(pathname);
  const page = PREFIX + path;
  const cache = await caches.open(CACHE);
  const shell = await cache.match(`${page}/shell`, { ignoreVary: true });
  if (!shell) return null;
  const sheets = await heldSheets(cache, page);
  const [first, ...ahead] = [...sheets.filter((one) => one.assignment === assignment), ...sheets.filter((one) => one.assignment !== assignment)];
  const inside = [first?.html ?? "", ...ahead.map((sheet) => `<template class="ahead">${sheet.html}</template>`)].join("\n");
  const text = (await shell.text()).replace("<!-- sheets -->", () => inside);
  return new Response(text, { headers: shell.headers });
}

// A window that was made larger or smaller asks for reference pictures of the other size: without a connection those that are held are shown.
async function unchanging(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreVary: true });
  return kept ?? fetch(request).catch(async (error) => (await otherSize(cache, request.url)) ?? Promise.reject(error));
}

async function otherSize(cache, url) {
  const strip = /^(.*\/strips\/.*-)\d+\.webp$/.exec(url)?.[1];
  const other = strip && (await cache.keys()).find((held) => held.url.startsWith(strip));
  return other && cache.match(other, { ignoreVary: true });
}

// A request of the annotate page, or of one of its files.
function isFromAnnotate({ referrer }) {
  const from = referrer && new URL(referrer).pathname;
  return Boolean(from) && (ANNOTATE.test(from) || STATIC.test(from));
}

// The sheets held for a page, the oldest first; for all pages where none is named.
async function heldSheets(cache, page) {
  const addresses = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith(`/offline/sheets${page}/`));
  return Promise.all(addresses.map(async (address) => (await cache.match(address)).json()));
}

function held(page, assignment) {
  return `/offline/sheets${page}/${assignment}`;
}
