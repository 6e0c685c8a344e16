/* What a door keeps on its device: the list of the day, who was seen, and the scans to be sent. */

const NAME = "door";
const KEYS = { lists: "gate", seen: "key", queue: "nonce" };

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export async function openStore() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () =>
    Object.entries(KEYS).forEach(([name, keyPath]) =>
      opening.result.createObjectStore(name, { keyPath }),
    );
  const database = await done(opening);
  const of = (name, mode) => database.transaction(name, mode).objectStore(name);

  return {
    get: (name, key) => done(of(name, "readonly").get(key)),
    put: (name, row) => done(of(name, "readwrite").put(row)),
    async ofGate(name, gate) {
      const rows = await done(of(name, "readonly").getAll());
      return rows.filter((row) => row.gate === gate);
    },
    async remove(name, keys) {
      const store = of(name, "readwrite");
      await Promise.all(keys.map((key) => done(store.delete(key))));
    },
    async dropLists(isOfToday) {
      const lists = await done(of("lists", "readonly").getAll());
      const old = lists.filter((list) => !isOfToday(list));
      if (!old.length) return;
      const store = of("lists", "readwrite");
      await Promise.all(old.map((list) => done(store.delete(list.gate))));
      await done(of("seen", "readwrite").clear());
    },
  };
}

export async function sha256(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const uuid = () => crypto.randomUUID();
