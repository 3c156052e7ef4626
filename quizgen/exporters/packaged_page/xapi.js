"use strict";
// The record store that the launch of this page names, in the terms that the rest of the script speaks.
window.quizPlatform = (() => {
  const { quiz, title, language, activity: own } = JSON.parse(document.getElementById("quiz-data").textContent);
  const launch = new URLSearchParams(location.search), param = (name) => launch.get(name) ?? "";
  const parsed = (text) => { try { return JSON.parse(text); } catch { return null; } };
  // Older platforms put each field of the actor into a list, and name the fields of an account otherwise.
  const actorOf = (given) => {
    if (!given || typeof given !== "object") return null;
    const actor = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]));
    const account = actor.account;
    if (account?.accountServiceHomePage) actor.account = { homePage: account.accountServiceHomePage, name: account.accountName };
    return { objectType: "Agent", ...actor };
  };
  const actor = actorOf(parsed(param("actor"))), registration = param("registration");
  const endpoint = param("endpoint").replace(/\/*$/, "/"), found = /^https?:\/\/./.test(endpoint) && Boolean(actor);
  const activity = param("activity_id") || own;
  const passing = launch.has("passing_score") ? Number(param("passing_score")) : NaN;
  const headers = { "X-Experience-API-Version": "1.0.3", "Content-Type": "application/json", ...(param("auth") ? { Authorization: param("auth") } : {}) };
  const started = performance.now();

  const EXPAPI = "http://adlnet.gov/expapi/", EXTENSION = "urn:x-quizgen:";
  const text = (said) => ({ [language || "en"]: said });
  const decimal = (number) => Number(number.toFixed(7));
  const span = (seconds) => `PT${Math.max(0, seconds).toFixed(2)}S`;
  const uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return [...bytes].map((byte, place) => ([4, 6, 8, 10].includes(place) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
  };

  // ---- kept in this browser: what is not sent yet, and the answers --------------------------------------------------

  const key = ["quizgen-xapi", endpoint, activity, registration, JSON.stringify(actor)].join(" ");
  const memory = new Map();
  const load = (name) => { try { return parsed(localStorage.getItem(`${key} ${name}`)) ?? memory.get(`${key} ${name}`); } catch { return memory.get(`${key} ${name}`); } };
  const store = (name, value) => { try { localStorage.setItem(`${key} ${name}`, JSON.stringify(value)); } catch { memory.set(`${key} ${name}`, value); } };
  // A statement is an entry of its own, so that two windows of the same launch never put away each other's.
  const first = `${key} statement `;
  // Statements that the store refuses by themselves stay here, for the next visit, and do not keep back the others.
  const aside = new Set();
  const pending = () => {
    const names = [...memory.keys()];
    try { names.push(...Object.keys(localStorage)); } catch { /* a page without storage */ }
    const waiting = names.filter((name) => name.startsWith(first)).sort();
    return waiting.filter((name) => !aside.has(name)).map((name) => [name, load(name.slice(key.length + 1))]).filter(([, statement]) => statement);
  };
  const forget = (name) => { memory.delete(name); try { localStorage.removeItem(name); } catch { /* a page without storage */ } };

  // ---- sending: in order, again after a while if the store cannot be reached ----------------------------------------

  const LARGEST = 20, PATIENCE = 60, KEPT_ALIVE = 40000;
  let sending = false, wait = 1, timer = 0, say = () => {}, trouble = "";
  let count = 0;
  const push = (statement) => { store(`statement ${Date.now()} ${String(count += 1).padStart(6, "0")} ${statement.id}`, statement); };
  const later = () => { clearTimeout(timer); timer = setTimeout(send, wait * 1000); wait = Math.min(PATIENCE, 2 * wait); };
  // It says that something in this is wrong, and will say so again; a store takes all statements of a request or none.
  const wrong = (status) => [400, 409, 413, 422].includes(status);
  let alone = 0;
  const send = async () => {
    const batch = sending ? [] : pending().slice(0, alone ? 1 : LARGEST);
    if (!batch.length) return;
    sending = true;
    clearTimeout(timer);
    let answer = null;
    try { answer = await fetch(`${endpoint}statements`, { method: "POST", headers, body: JSON.stringify(batch.map(([, statement]) => statement)) }); } catch { /* no connection */ }
    sending = false;
    const only = batch.length === 1, status = answer?.status ?? 0;
    // 409 of a single statement: it is there already.
    if (answer?.ok || (only && wrong(status))) {
      for (const [name] of batch) if (answer.ok || status === 409) forget(name); else aside.add(name);
      alone = Math.max(0, alone - 1);
      wait = 1;
      const before = trouble;
      trouble = aside.size ? "refused" : "";
      if (pending().length) send(); else if (trouble || before) say(trouble);
    } else if (wrong(status)) {
      alone = batch.length;
      send();
    } else {
      trouble = answer && status < 500 && status !== 429 ? "refused" : "waiting";
      say(trouble);
      later();
    }
  };
  if (found) {
    window.addEventListener("online", () => { wait = 1; send(); });
    window.addEventListener("storage", (event) => { if (event.newValue && event.key?.startsWith(first)) send(); });
  }

  // ---- statements ------------------------------------------------------------------------------------------------------

  const whole = { objectType: "Activity", id: activity, definition: { type: `${EXPAPI}activities/assessment`, name: text(title) } };
  const state = (verb, object, result, parent) => push({
    id: uuid(), actor, verb: { id: `${EXPAPI}verbs/${verb}`, display: { en: verb } }, object, ...(result ? { result } : {}),
    context: { ...(registration ? { registration } : {}), ...(language ? { language } : {}), platform: "quizgen",
      ...(parent ? { contextActivities: { parent: [{ id: activity }] } } : {}) },
    timestamp: new Date().toISOString(),
  });
  const scoreOf = (earned, most) => ({ scaled: most ? decimal(Math.min(1, earned / most)) : 0, raw: decimal(earned), min: 0, max: decimal(most) });
  const record = (entry) => {
    const { question, part, credit } = entry;
    const definition = {
      type: `${EXPAPI}activities/cmi.interaction`, name: text(question.code), description: text(entry.title), interactionType: entry.type,
      ...(entry.correct.length ? { correctResponsesPattern: entry.correct } : {}), ...(part.lists ?? {}),
      extensions: { [`${EXTENSION}item`]: { item: question.item, revision: question.revision, code: question.code, part: part.id, quiz } },
    };
    const result = {
      response: entry.written, duration: span(entry.seconds),
      ...(entry.answer === null ? {} : { extensions: { [`${EXTENSION}response`]: entry.answer } }),
      ...(credit === null ? {} : { success: credit > 1 - 1e-6, score: scoreOf(credit * entry.points, entry.points) }),
    };
    state("answered", { objectType: "Activity", id: `${activity}/${entry.name}`, definition }, result, true);
  };
  const report = ({ earned, most, marked, open }) => {
    const result = { completion: true, duration: span((performance.now() - started) / 1000) };
    const graded = marked ? { score: scoreOf(earned, most) } : {}, share = most ? earned / most : 0;
    state("completed", whole, { ...result, ...graded });
    if (marked && !open && passing >= 0 && passing <= 1) {
      const success = share >= passing - 1e-9;
      state(success ? "passed" : "failed", whole, { ...result, ...graded, success });
    }
  };

  // ---- the answers are kept in the store too, for another browser ------------------------------------------------------

  const place = () => {
    const query = new URLSearchParams({ activityId: activity, stateId: "quizgen-answers", agent: JSON.stringify(actor) });
    if (registration) query.set("registration", registration);
    return `${endpoint}activities/state?${query}`;
  };
  let kept = "";
  const keep = (given) => { kept = JSON.stringify({ ...given, at: Date.now() }); store("answers", parsed(kept)); };
  const put = (leaving) => {
    if (!kept) return;
    const body = kept;
    kept = "";
    fetch(place(), { method: "PUT", headers, body, keepalive: leaving && body.length < KEPT_ALIVE / 2 }).catch(() => { kept ||= body; });
  };
  const other = async (restore) => {
    try {
      const answer = await fetch(place(), { headers });
      const there = answer.ok ? await answer.json() : null;
      if (there && there.at > (load("answers")?.at ?? 0)) restore(there);
    } catch { /* what this browser keeps is what there is */ }
  };

  if (found) { state("initialized", whole); send(); }
  let completed = false;
  return {
    found, reviewing: false,
    learner: found ? JSON.stringify(actor.account ?? actor.mbox ?? actor.mbox_sha1sum ?? actor.openid ?? actor.name ?? "") : "",
    name: found && typeof actor.name === "string" ? actor.name : "",
    state: found ? load("answers") : null,
    room: Infinity,
    marks: ["[,]", "[.]", "[:]"],
    types: { text: "fill-in", long: "long-fill-in", other: "other" },
    lengths: [250, Infinity],
    record,
    keep,
    report: (result) => { const sign = JSON.stringify(result); if (completed !== sign) { completed = sign; report(result); } },
    send: () => { put(false); send(); return trouble; },
    later: (restore, tell) => { say = tell; other(restore); },
    leave: () => {
      put(true);
      // What a browser still sends when a page is closed is limited. The rest goes out the next time; a statement that
      // comes twice has the same id.
      const batch = [];
      let size = 2;
      for (const [name, statement] of pending()) {
        size += JSON.stringify(statement).length + 1;
        if (size > KEPT_ALIVE) break;
        batch.push([name, statement]);
      }
      if (!batch.length) return;
      fetch(`${endpoint}statements`, { method: "POST", headers, body: JSON.stringify(batch.map(([, statement]) => statement)), keepalive: true })
        .then((answer) => { if (answer.ok) for (const [name] of batch) forget(name); }).catch(() => {});
    },
  };
})();
