"use strict";
// What becomes of the answers on a platform: kept for the next time, recorded as interactions, handed in.
(() => {
  const { data, byId, fill, answerOf, bringBack, markOf, rational, progress, unanswered, saved } = window.quizPage;
  const platform = window.quizPlatform, said = data.said;
  const parts = data.items.flatMap((question) => question.parts.map((part) => ({ question, part })));
  const say = (...texts) => { byId("platform").textContent = texts.filter(Boolean).join(" "); };
  const button = byId("hand-in");

  // ---- an answer as the text of an interaction ------------------------------------------------------------------------

  const [comma, dot, range] = platform.marks;
  const slug = (id) => [...new TextEncoder().encode(id)]
    .map((byte) => (/[A-Za-z0-9-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `_${byte.toString(16).padStart(2, "0")}`)).join("");
  const escape = (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  // A text that a platform could take for something else is written as a JSON string.
  const text = (given) => (/[\u0000-\u001f\u007f\u2028\u2029]|^["{]|\[[,.:]\]|^\s|\s$/.test(given) ? JSON.stringify(given).replace(/[[\u007f\u2028\u2029]/g, escape) : given);
  const slugs = (ids) => ids.map(slug).join(comma);
  const pairs = (given) => Object.entries(given).map(([left, right]) => slug(left) + dot + slug(right)).join(comma);
  const written = {
    "single-choice": slug, "true-false": slug, "multiple-answer": slugs, "ordering": slugs, "matching": pairs,
    "numeric": text, "symbolic": text, "short-answer": text, "essay": text, "numeric-tuple": JSON.stringify,
  };
  const TYPES = { "single-choice": "choice", "true-false": "true-false", "multiple-answer": "choice", "ordering": "sequencing", "matching": "matching" };
  const typeOf = (kind, given) => TYPES[kind] ?? (kind === "numeric-tuple" ? platform.types.other
    : kind === "numeric" && /^-?\d{1,10}(\.\d{1,18})?$/.test(given) ? "numeric"
    : given.length <= platform.lengths[0] && kind !== "essay" ? platform.types.text : platform.types.long);

  // ---- what is right, as the patterns of an interaction --------------------------------------------------------------

  const PLACES = 15;
  const digits = ([top, bottom]) => {
    const scaled = (top * 10n ** BigInt(PLACES) * 2n + (top < 0n ? -bottom : bottom)) / (2n * bottom);
    const all = String(scaled < 0n ? -scaled : scaled).padStart(PLACES + 1, "0");
    return (scaled < 0n ? "-" : "") + `${all.slice(0, -PLACES)}.${all.slice(-PLACES)}`.replace(/\.?0+$/, "");
  };
  const bounds = ({ middle, radius }) => {
    const [[a, b], [c, d]] = [rational(middle), rational(radius)];
    return [[a * d - c * b, b * d], [a * d + c * b, b * d]].map(digits);
  };
  const whole = (credit) => credit > 1 - 1e-6;
  const patterns = {
    "single-choice": (check) => Object.keys(check.credits).filter((id) => whole(check.credits[id])).map(slug),
    "multiple-answer": (check) => [slugs(check.correct)],
    "ordering": (check) => [slugs(check.order)],
    "matching": (check) => [pairs(check.pairs)],
    "short-answer": (check) => check.texts.filter((entry) => whole(entry.credit)).map((entry) => text(entry.text)),
    "numeric": (check, type) => check.numbers.filter((entry) => whole(entry.credit)).slice(0, 1)
      .map((entry) => (type === "numeric" && range ? bounds(entry).join(range) : digits(rational(entry.middle)))),
  };
  patterns["true-false"] = (check) => patterns["single-choice"](check).slice(0, 1);
  const correct = (part, type) => {
    const found = part.check ? patterns[part.kind]?.(part.check, type) ?? [] : [];
    return [...new Set(found)].filter((pattern) => pattern && pattern.length <= platform.lengths[0]);
  };

  // ---- time: what passes while a question is the one that is worked on ------------------------------------------------

  const spent = new Map();
  let current = data.items[0], since = performance.now();
  const turn = (question) => {
    const moment = performance.now();
    if (current && !document.hidden) spent.set(current, (spent.get(current) ?? 0) + (moment - since) / 1000);
    [current, since] = [question ?? current, moment];
  };

  // ---- recording -----------------------------------------------------------------------------------------------------

  const recorded = new Map();
  const record = (question, part, blanks) => {
    const answer = answerOf(part), sign = JSON.stringify(answer);
    if (recorded.get(part.name) === sign || (answer === null && !recorded.has(part.name) && !(blanks && part.check))) return;
    recorded.set(part.name, sign);
    const mark = markOf(part), given = answer === null ? "" : written[part.kind](answer), type = typeOf(part.kind, given);
    platform.record({
      name: part.name, objective: question.name, title: question.title, kind: part.kind, type, written: given, answer,
      credit: mark && !mark.note ? mark.credit : null, unread: Boolean(mark?.note), points: part.points,
      seconds: spent.get(question) ?? 0, correct: correct(part, type), question, part,
    });
  };
  const recordAll = (blanks) => { turn(); for (const { question, part } of parts) record(question, part, blanks); };

  // Points of all parts that the page can check. What it cannot read counts nothing until it is marked later.
  const result = () => {
    const questions = data.items.map((question) => {
      const found = { name: question.name, earned: 0, most: 0, points: 0, open: 0, answered: false };
      for (const part of question.parts) {
        const mark = markOf(part);
        found.points += part.points;
        found.answered ||= answerOf(part) !== null;
        if (mark) found.most += part.points;
        if (mark && !mark.note) found.earned += part.points * mark.credit;
        else if (answerOf(part) !== null) found.open += 1;
      }
      return { ...found, whole: !found.open && found.most > found.points - 1e-6 };
    });
    const sum = (field) => questions.reduce((total, question) => total + question[field], 0);
    const marked = parts.some(({ part }) => part.check);
    const unmarked = questions.some((question) => question.points > question.most + 1e-6);
    return { earned: sum("earned"), most: sum("most"), marked, open: sum("open") + unmarked, questions };
  };

  // ---- keeping: what fits of the answers, the longest are the first that do not ---------------------------------------

  let done = false, left = false, changed = false, troubled = false;
  // Answers are kept by the place of their part; "set" says of which parts.
  const set = parts.reduce((hash, { part }) => [...part.name].reduce((sum, sign) => Math.imul(sum ^ sign.charCodeAt(0), 0x01000193) >>> 0, hash), 0x811c9dc5);
  const state = (leaving) => {
    const answers = Object.fromEntries(parts.map(({ part }, place) => [place, answerOf(part)]).filter(([, answer]) => answer !== null));
    const kept = { drawn: data.drawn, set, ...(done ? { done } : {}), ...(leaving ? { recorded: true } : {}), answers }, lost = [];
    while (JSON.stringify(kept).length > platform.room && Object.keys(answers).length) {
      const size = (place) => JSON.stringify(answers[place]).length;
      const longest = Object.keys(answers).reduce((most, place) => (size(place) > size(most) ? place : most));
      delete answers[longest];
      lost.push(parts[longest].question.code);
    }
    return { kept, lost: [...new Set(lost)] };
  };
  let timer = 0;
  const keep = () => {
    clearTimeout(timer);
    const { kept, lost } = state(false);
    platform.keep(kept);
    const trouble = platform.send();
    changed = false;
    const before = troubled;
    troubled = Boolean(trouble || lost.length);
    if (!troubled) saved();
    if (troubled || before) say(trouble && said[trouble], lost.length && fill(said["too-long"], { codes: lost.join(", ") }));
    return trouble;
  };

  // ---- bringing back -----------------------------------------------------------------------------------------------------

  const restore = (kept) => {
    if (!kept || typeof kept.answers !== "object" || !kept.answers || kept.set !== set) return;
    done = kept.done === true;
    for (const [place, { part }] of parts.entries()) {
      const answer = kept.answers[place];
      if (answer === undefined || answer === null) continue;
      bringBack(part, answer);
      if (kept.recorded) recorded.set(part.name, JSON.stringify(answerOf(part)));
    }
    progress();
    saved();
    changed = false;
    if (Object.keys(kept.answers).length) say(said.back);
    if (done) finished();
  };

  // ---- handing in and leaving ----------------------------------------------------------------------------------------

  // An exam that is handed in is closed; at practice one may go on and hand in again.
  const finished = () => {
    if (data.exam) { document.querySelector("main").inert = true; button.disabled = true; }
    const { earned, most, marked, open } = result();
    const number = (points) => String(Number(points.toFixed(2)));
    const score = marked ? fill(said.score, { points: number(earned), all: number(most) }) : "";
    say(said["handed-in"], score, marked && open && said["marked-later"]);
  };
  let asked = false;
  const handIn = () => {
    const missing = unanswered().map((question) => question.code);
    if (missing.length && !asked) { asked = true; say(fill(said["once-more"], { codes: missing.join(", ") })); return; }
    recordAll(true);
    done = true;
    platform.report(result());
    if (!keep()) finished();
  };

  if (!platform.found) {
    button.hidden = true;
    say(said.none);
    return;
  }
  if (platform.name && !byId("learner").value) byId("learner").value = platform.name;
  restore(platform.state);
  platform.later?.((kept) => { if (!changed && !recorded.size) restore(kept); }, (trouble) => {
    troubled = Boolean(trouble);
    if (done && !trouble) finished(); else say(said[trouble]);
  });
  if (platform.reviewing) { document.querySelector("main").inert = true; button.hidden = true; return; }

  const soon = () => { if (!troubled) saved(); changed = true; asked = false; clearTimeout(timer); timer = setTimeout(keep, 1000); };
  for (const question of data.items) {
    const section = byId(question.element);
    for (const event of ["focusin", "pointerdown"]) section.addEventListener(event, () => turn(question));
    section.addEventListener("input", soon);
    section.addEventListener("click", (event) => {
      if (!event.target.closest(".check")) return;
      turn();
      for (const part of question.parts) record(question, part, false);
      soon();
    });
  }
  document.addEventListener("visibilitychange", () => { if (document.hidden) { turn(); if (changed && !left) keep(); } else since = performance.now(); });
  button.addEventListener("click", handIn);
  window.addEventListener("beforeunload", () => { if (!left && changed) keep(); });
  window.addEventListener("pagehide", () => {
    if (left) return;
    left = true;
    clearTimeout(timer);
    recordAll(false);
    if (done) platform.report(result());
    platform.keep(state(true).kept);
    // What was suspended comes back as it was: an exam that was handed in is still closed then.
    platform.leave(done && !data.exam);
  });
})();
