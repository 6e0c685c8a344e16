/* Keeps the pages of the doors, with what they are made of, for the time without network. Only
   whole pages without a query are kept: they hold no data of people. */

const CACHE = "door";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function keep(addresses) {
  const cache = await caches.open(CACHE);
  await Promise.allSettled(addresses.map((address) => cache.add(address)));
}

self.addEventListener("message", (event) => {
  if (!Array.isArray(event.data?.keep)) return;
  event.waitUntil(keep(event.data.keep).then(() => event.ports[0]?.postMessage("kept")));
});

async function fromNetworkOrCache(request, address) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(address, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  const isOwn = event.request.method === "GET" && address.origin === self.location.origin;
  if (isOwn) event.respondWith(fromNetworkOrCache(event.request, address.pathname));
});
