/* The door without network. With network the server answers each scan; without, the signed list
   does, and what was scanned waits in IndexedDB until it is sent. Without this module the page is
   a plain form. What is kept: digests of tickets, never tickets. */

import { canRead, watch } from "./camera.js";
import { openStore, sha256, uuid } from "./door_store.js";

const root = document.querySelector("[data-door]");
const gate = Number(root.dataset.gate);
const $ = (selector) => root.querySelector(selector);
const PART = 200;
const PATIENCE = 4000;
const PHOTO_PATIENCE = 30_000; // a photo takes its time to go up
const AGAIN = 4000; // milliseconds for which a badge held to the camera is read once
const FRESH = 300_000; // milliseconds for which a list need not be fetched again
const state = { list: null, people: {}, csrf: "", busy: false, last: "", fetched: 0 };

function say(problem) {
  const box = $("[data-problem]");
  box.textContent = problem ?? "";
  box.hidden = !problem;
}

function fill(element, values) {
  const text = values ? element.dataset.text : element.dataset.none;
  element.textContent = Object.entries(values ?? {}).reduce(
    (said, [name, value]) => said.replace(`{${name}}`, value),
    text,
  );
}

function show(online) {
  $("[data-online]").hidden = !online;
  $("[data-offline]").hidden = online;
}

function clock() {
  return new Date(Date.now() + (state.list?.offset ?? 0));
}

const time = (moment) =>
  new Date(moment).toLocaleTimeString(document.documentElement.lang, {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Asia/Shanghai",
  });

/* The server answers, but not to who stands here: then nothing is decided on the device either */
class SignedOut extends Error {}

async function ask(address, options = {}) {
  const answer = await fetch(address, {
    credentials: "same-origin",
    signal: AbortSignal.timeout(PATIENCE),
    redirect: "manual",
    ...options,
  });
  if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) {
    say($("[data-problem]").dataset.signedOut);
    if (answer.status === 404) state.list = null; // access was taken back
    throw new SignedOut();
  }
  return answer;
}

/* The list; its clock is the server's, whatever the device believes */

function isOfToday(list) {
  const now = new Date(Date.now() + list.offset);
  return list.day === now.toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
}

async function useList(list) {
  const isWhole = list && isOfToday(list) && (await sha256(list.people)) === list.digest;
  if (!isWhole) return;
  state.list = list;
  state.people = JSON.parse(list.people);
}

function showList() {
  const values = state.list && {
    time: time(state.list.now),
    count: Object.keys(state.people).length,
  };
  fill($("[data-list-state]"), values);
}

async function fetchList(store) {
  const answer = await ask(root.dataset.list);
  const list = await answer.json();
  state.csrf = list.csrf;
  state.fetched = Date.now();
  delete list.csrf;
  list.offset = Date.parse(list.now) - Date.now();
  await store.put("lists", list);
  await useList(list);
  showList();
}

/* A scan without network: the same rules as the server's, on what the list knows */

async function judge(store, ticket, direction, forced) {
  const entry = state.people[ticket];
  if (!entry) return { result: "NEED_ATTENTION", pattern: "unlisted" };
  const [who, role, standing, since] = entry;
  const seen = await store.get("seen", `${gate}:${ticket}`);
  const isIn = seen ? seen.isIn : Boolean(since);
  const now = clock();
  const isOpen = new Date(state.list.opens_at) <= now && now <= new Date(state.list.closes_at);
  let result = standing;
  if (standing === "OK" && direction === "IN") {
    if (!isOpen && !forced) result = "OUTSIDE_TIME";
    else if (isIn && !forced) result = "ALREADY_IN";
  } else if (standing === "OK" && !isIn && !forced) {
    result = "NEED_ATTENTION";
  }
  return { result, who, role, since: isIn ? (seen?.at ?? since) : "" };
}

async function note(store, ticket, direction, at) {
  await store.put("seen", { key: `${gate}:${ticket}`, isIn: direction === "IN", at });
}

function showAnswer(found, direction) {
  const name = found.pattern ?? `${found.result}-${direction}`;
  const answer = $(`template[data-pattern="${name}"]`).content.cloneNode(true);
  answer.querySelector("[data-who]").textContent = found.who ?? "";
  answer.querySelector("[data-role]").textContent = found.role ?? "";
  const since = answer.querySelector("[data-since]");
  since.hidden = !(found.result === "ALREADY_IN" && found.since);
  answer.querySelector("[data-since-time]").textContent = found.since ? time(found.since) : "";
  answer.querySelectorAll('input[name="direction"]').forEach((field) => {
    field.value = direction;
  });
  if (found.pattern) answer.querySelectorAll("form").forEach((form) => form.remove());
  $("#answer").replaceChildren(answer);
}

async function scanOffline(store, given) {
  show(false);
  $("#answer").replaceChildren();
  if (!state.list) return say($("[data-list-state]").dataset.none);
  if (!given.ticket) return say($("[data-problem]").dataset.names);
  const { ticket, direction, forced } = given;
  const found = await judge(store, ticket, direction, forced);
  const at = clock().toISOString();
  await store.put("queue", {
    nonce: given.nonce,
    gate,
    token: state.list.token,
    scan: { nonce: given.nonce, ticket, at, direction, forced, method: given.method, result: found.result },
  });
  if (found.result === "OK") await note(store, ticket, direction, at);
  showAnswer(found, direction);
  return showQueue(store);
}

/* A scan */

async function read(form) {
  const fields = new FormData(form);
  const code = (fields.get("code") ?? "").trim().toLowerCase();
  const given = {
    nonce: uuid(),
    direction: fields.get("direction"),
    method: fields.get("method"),
    forced: fields.get("forced") === "on",
    ticket: "",
  };
  if (!given.forced) {
    state.last = code && state.list ? await sha256(`${state.list.salt}${code}`) : "";
  }
  given.ticket = state.last;
  fields.set("nonce", given.nonce);
  if (state.csrf) fields.delete("csrfmiddlewaretoken"); // the one of a kept page may be old
  return { fields, given };
}

async function submit(store, form) {
  const { fields, given } = await read(form);
  const isLocal = form.matches("[data-force]"); // its answer came from the list
  try {
    if (isLocal) throw new Error("decided here");
    const answer = await ask(root.dataset.send, {
      method: "POST",
      body: fields,
      signal: AbortSignal.timeout(fields.get("photo")?.size ? PHOTO_PATIENCE : PATIENCE),
      headers: { "HX-Request": "true", ...(state.csrf && { "X-CSRFToken": state.csrf }) },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    $("#answer").innerHTML = await answer.text();
    say();
    show(true);
    const said = $("#answer [data-result]");
    if (said?.dataset.result === "OK" && given.ticket) {
      await note(store, given.ticket, said.dataset.direction, said.dataset.at);
    }
  } catch (error) {
    if (error instanceof SignedOut) $("#answer").replaceChildren();
    else await scanOffline(store, given);
  }
  const light = $("#answer [data-light]")?.dataset.light;
  navigator.vibrate?.(light === "go" ? 60 : [90, 60, 90]);
}

/* The sending */

async function showQueue(store) {
  const waiting = await store.ofGate("queue", gate);
  fill($("[data-queue]"), waiting.length ? { count: waiting.length } : null);
  return waiting;
}

async function sendPart(store, token, rows) {
  const answer = await ask(root.dataset.sync, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": state.csrf },
    body: JSON.stringify({ token, scans: rows.map((row) => row.scan) }),
  });
  const said = await answer.json();
  if (!answer.ok) return say(said.problem);
  await store.remove("queue", [...said.taken, ...said.known]);
  return say(Object.values(said.refused)[0]);
}

async function sync(store, isWanted = false) {
  if (state.busy) return;
  state.busy = true;
  try {
    const isOld = Date.now() - state.fetched > FRESH;
    if (isWanted || isOld || !$("[data-offline]").hidden) await fetchList(store);
    show(true);
    const waiting = await showQueue(store);
    for (const token of new Set(waiting.map((row) => row.token))) {
      const rows = waiting.filter((row) => row.token === token);
      for (let start = 0; start < rows.length; start += PART) {
        await sendPart(store, token, rows.slice(start, start + PART));
      }
    }
    await showQueue(store);
  } catch (error) {
    show(error instanceof SignedOut);
    if (error instanceof SignedOut && !state.list) await store.remove("lists", [gate]);
  } finally {
    state.busy = false;
  }
}

/* The camera */

async function enableCamera(form) {
  if (!(await canRead())) return;
  const [video, button] = [$("[data-video]"), $("[data-camera-button]")];
  $("[data-camera]").hidden = false;
  $("[data-no-camera]").hidden = true;
  let [end, before] = [null, { code: "", at: 0 }];

  function submitNew(code) {
    if (code === before.code && Date.now() - before.at <= AGAIN) return;
    before = { code, at: Date.now() };
    form.elements.code.value = code;
    form.elements.method.value = "QR";
    form.requestSubmit();
  }

  button.addEventListener("click", async () => {
    if (end) {
      end();
      end = null;
    } else {
      end = await watch(video, submitNew);
    }
    button.textContent = end ? button.dataset.on : button.dataset.off;
  });
}

/* The page itself, with all that it is made of */

async function keepPage() {
  const worker = new URL(root.dataset.worker, location.href);
  await navigator.serviceWorker.register(worker, { scope: new URL(".", worker).pathname });
  const { active } = await navigator.serviceWorker.ready;
  const parts = document.querySelectorAll('link[rel="stylesheet"], link[rel="icon"], script[src]');
  const addresses = [...parts].map((part) => part.href || part.src);
  const modules = ["camera.js", "door_store.js"].map((name) => new URL(name, import.meta.url).href);
  const channel = new MessageChannel();
  const kept = new Promise((resolve) => {
    channel.port1.onmessage = resolve;
  });
  active.postMessage({ keep: [location.pathname, ...modules, ...addresses] }, [channel.port2]);
  if (navigator.onLine) await kept;
}

async function start() {
  const form = $(".gate__form");
  await enableCamera(form);
  $("[data-status]").hidden = false;
  if (!globalThis.crypto?.subtle || !navigator.serviceWorker) {
    return say($("[data-problem]").dataset.insecure);
  }
  const store = await openStore();
  await store.dropLists(isOfToday);
  await useList(await store.get("lists", gate));
  showList();
  await showQueue(store);

  root.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-scan]")) return;
    event.preventDefault();
    await submit(store, event.target);
    if (event.target === form) {
      form.elements.code.value = "";
      form.elements.photo.value = "";
      form.elements.method.value = "TYPED";
    }
    form.elements.code.focus({ preventScroll: true });
  });
  form.elements.photo.addEventListener("change", () => {
    if (form.elements.photo.value) form.requestSubmit($("[data-photo-button]"));
  });
  $("[data-sync-button]").addEventListener("click", () => sync(store, true));
  window.addEventListener("online", () => sync(store, true));
  window.addEventListener("offline", () => show(false));

  await keepPage();
  await sync(store);
  setInterval(() => sync(store), 30_000);
  root.dataset.ready = "true";
  return null;
}

start();
