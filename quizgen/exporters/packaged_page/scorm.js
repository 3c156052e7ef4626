"use strict";
// The run-time of SCORM 1.2 or 2004 around this page, in the terms that the rest of the script speaks.
window.quizPlatform = (() => {
  const { platform, exam } = JSON.parse(document.getElementById("quiz-data").textContent), old = platform === "scorm12";
  const words = old
    ? { api: "API", begin: "LMSInitialize", end: "LMSFinish", call: "LMS", core: "cmi.core.", learner: "student_id", name: "student_name",
        mode: "lesson_mode", response: "student_response", time: "time", wrong: "wrong", normal: "" }
    : { api: "API_1484_11", begin: "Initialize", end: "Terminate", call: "", core: "cmi.", learner: "learner_id", name: "learner_name",
        mode: "mode", response: "learner_response", time: "timestamp", wrong: "incorrect", normal: "normal" };

  // ---- finding the API: in the frames around this page, then in those of the window that opened it ------------------

  const above = (start) => {
    for (let frame = start, steps = 0; frame && steps < 50; frame = frame.parent, steps += 1) {
      try { if (frame[words.api]) return frame[words.api]; } catch { /* a frame of another site */ }
      if (frame.parent === frame) return null;
    }
    return null;
  };
  const opener = (frame) => { try { return frame.opener; } catch { return null; } };
  const api = above(window) ?? above(opener(window)) ?? above(opener(window.top));

  const started = performance.now();
  let trouble = false, open = false;
  const yes = (answer) => String(answer) === "true";
  const error = () => Number(api[`${words.call}GetLastError`]());
  const get = (element) => { try { return String(api[`${words.call}GetValue`](element) ?? ""); } catch { return ""; } };
  const set = (element, value) => { try { return yes(api[`${words.call}SetValue`](element, String(value))); } catch { return false; } };
  const commit = () => { try { return yes(api[`${words.call}Commit`]("")); } catch { return false; } };
  const must = (done) => { if (!done) trouble = true; return done; };

  if (api) try { open = yes(api[words.begin]("")) || [101, 103].includes(error()); } catch { open = false; }
  const reviewing = open && get(`${words.core}${words.mode}`) === "review";
  const status = old ? "cmi.core.lesson_status" : "cmi.completion_status";
  if (open && !reviewing && ["", "not attempted", "unknown"].includes(get(status))) set(status, "incomplete");

  const decimal = (number) => number.toFixed(7).replace(/\.?0+$/, "");
  const two = (number) => String(number).padStart(2, "0");
  const span = (seconds) => {
    const hundredths = Math.round(seconds * 100), whole = Math.floor(hundredths / 100), rest = two(hundredths % 100);
    const [hours, minutes, left] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    return old ? `${two(hours)}:${two(minutes)}:${two(left)}.${rest}` : `PT${hours}H${minutes}M${left}.${rest}S`;
  };
  const now = () => {
    const moment = new Date();
    return old ? [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join(":") : moment.toISOString().replace(/\d(?=Z$)/, "");
  };

  // ---- interactions: each answer is one more, an id may come again ---------------------------------------------------

  const count = open ? get("cmi.interactions._count") : "";
  let next = Number(count) || 0;
  // SCORM 1.2 leaves it to a platform to keep any. At practice there is the score all the same; an exam would be lost.
  const NOT_THERE = 401, untold = old && open && !exam && !count && error() === NOT_THERE;
  const pieces = (text) => {
    const found = [];
    for (let start = 0; start < text.length;) {
      let end = Math.min(text.length, start + (old ? 255 : 4000));
      if (end < text.length && /[\uD800-\uDBFF]/.test(text[end - 1])) end -= 1;
      found.push(text.slice(start, end));
      start = end;
    }
    return found.length ? found : [""];
  };
  const resultOf = ({ credit, unread }) => unread ? "unanticipated" : credit === null ? "neutral"
    : credit > 1 - 1e-6 ? "correct" : credit < 1e-6 ? words.wrong : decimal(credit);

  const interaction = (entry, id, type, written) => {
    const at = `cmi.interactions.${next}.`;
    if (!must(set(`${at}id`, id))) return;
    next += 1;
    set(`${at}type`, type);
    set(`${at}objectives.0.id`, entry.objective);
    set(`${at}${words.time}`, now());
    entry.correct.forEach((pattern, place) => set(`${at}correct_responses.${place}.pattern`, pattern));
    set(`${at}weighting`, decimal(entry.points));
    if (written) must(set(`${at}${words.response}`, written));
    set(`${at}result`, resultOf(entry));
    set(`${at}latency`, span(entry.seconds));
    if (!old) set(`${at}description`, entry.title.slice(0, 250));
  };

  // ---- objectives: one for each question, its place is where its id is ----------------------------------------------

  const places = new Map();
  if (open) for (let place = 0; place < Number(get("cmi.objectives._count")); place += 1) places.set(get(`cmi.objectives.${place}.id`), place);
  const objective = ({ name, points, earned, most, whole }) => {
    const place = places.get(name) ?? places.size, at = `cmi.objectives.${place}.`;
    if (!places.has(name)) {
      if (!set(`${at}id`, name)) return;
      places.set(name, place);
    }
    if (whole) score(`${at}score.`, earned, most);
    const state = !whole ? "unknown" : earned > most - 1e-6 ? "passed" : "failed";
    if (old) set(`${at}status`, whole ? state : "completed");
    else { set(`${at}completion_status`, "completed"); set(`${at}success_status`, state); }
  };
  const score = (at, earned, most) => {
    const share = Math.min(1, Math.max(0, most ? earned / most : 0));
    if (!old) set(`${at}scaled`, decimal(share));
    set(`${at}min`, 0);
    set(`${at}max`, old ? 100 : decimal(most));
    set(`${at}raw`, decimal(old ? 100 * share : earned));
  };

  return {
    found: open,
    reviewing,
    learner: open ? get(`${words.core}${words.learner}`) : "",
    name: open ? get(`${words.core}${words.name}`) : "",
    state: (() => { try { return JSON.parse(get("cmi.suspend_data")); } catch { return null; } })(),
    room: old ? 4096 : 64000,
    marks: old ? [",", ".", ""] : ["[,]", "[.]", "[:]"],
    types: old ? { text: "fill-in", long: "fill-in", other: "fill-in" } : { text: "fill-in", long: "long-fill-in", other: "other" },
    lengths: old ? [255, 255] : [250, 4000],
    record: (entry) => {
      if (untold) return;
      const all = pieces(entry.written), type = all.length > 1 ? (old ? entry.type : "other") : entry.type;
      all.forEach((piece, place) => interaction(entry, place ? `${entry.name}__${place + 1}` : entry.name, type, piece));
    },
    keep: (state) => { must(set("cmi.suspend_data", JSON.stringify(state))); },
    report: ({ earned, most, marked, open: left, questions }) => {
      questions.filter((question) => question.whole || question.answered).forEach(objective);
      if (marked) score(`${words.core}score.`, earned, most);
      const pass = get(old ? "cmi.student_data.mastery_score" : "cmi.scaled_passing_score"), share = most ? earned / most : 0;
      const passed = !marked || left || pass.trim() === "" || isNaN(pass) ? "" : share >= Number(pass) / (old ? 100 : 1) - 1e-9 ? "passed" : "failed";
      if (old) set(status, passed || "completed");
      else { set(status, "completed"); set("cmi.success_status", passed || "unknown"); }
    },
    send: () => { const sent = commit(), well = sent && !trouble; trouble = false; return well ? "" : "refused"; },
    leave: (done) => {
      set(`${words.core}session_time`, span((performance.now() - started) / 1000));
      set(`${words.core}exit`, done ? words.normal : "suspend");
      commit();
      try { api[words.end](""); } catch { /* the platform is gone */ }
    },
  };
})();
