"use strict";
// Nothing is sent; "Download my answers" saves a file. Until then the tab keeps the answers, and forgets them when it is closed.
(() => {
  const data = JSON.parse(document.getElementById("quiz-data").textContent);
  const words = data.words;
  const byId = (id) => document.getElementById(id);
  const fill = (text, holes) => text.replace(/\{(\w+)\}/g, (whole, name) => holes[name] ?? whole);
  let unsaved = false;

  // ---- reading answers -------------------------------------------------------------------------------------------

  const chosen = (root) => [...root.querySelectorAll("input:checked")].map((input) => input.value);
  const text = (field) => field.value.trim().replace(/\p{Cs}/gu, "\ufffd"); // half a sign, which no file can hold
  const value = (part) => text(byId(part.element)) || null;
  const choice = (part) => (byId(part.element).tagName === "FIELDSET" ? chosen(byId(part.element))[0] : byId(part.element).value) || null;

  const read = {
    "single-choice": choice,
    "true-false": choice,
    "multiple-answer": (part) => { const ids = chosen(byId(part.element)).sort(); return ids.length ? ids : null; },
    "numeric": value,
    "numeric-tuple": (part) => {
      const given = [...byId(part.element).querySelectorAll("input")].filter((input) => input.value.trim());
      return given.length ? Object.fromEntries(given.map((input) => [input.dataset.name, text(input)])) : null;
    },
    "symbolic": value,
    "short-answer": value,
    "essay": value,
    "matching": (part) => {
      const pairs = [...byId(part.element).querySelectorAll("select")].filter((select) => select.value);
      return pairs.length ? Object.fromEntries(pairs.map((select) => [select.dataset.left, select.value])) : null;
    },
    "ordering": (part) => (part.touched ? [...byId(part.element).querySelectorAll(".order > li")].map((li) => li.dataset.id) : null),
  };
  const answerOf = (part) => read[part.kind](part);
  const responseOf = (question) => {
    if (question.single) return answerOf(question.parts[0]);
    const given = question.parts.map((part) => [part.id, answerOf(part)]).filter(([, answer]) => answer !== null);
    return given.length ? Object.fromEntries(given) : null;
  };

  // ---- bringing answers back -------------------------------------------------------------------------------------

  const type = (field, value) => { field.value = typeof value === "string" ? value : ""; };
  const pick = (root, ids) => { for (const input of root.querySelectorAll("input")) input.checked = ids.includes(input.value); };
  const choose = (part, id) => { const field = byId(part.element); if (field.tagName === "FIELDSET") pick(field, [id]); else type(field, id); };
  const field = (part, value) => type(byId(part.element), value);
  const back = {
    "single-choice": choose, "true-false": choose,
    "multiple-answer": (part, ids) => pick(byId(part.element), ids),
    "numeric": field, "symbolic": field, "short-answer": field, "essay": field,
    "numeric-tuple": (part, given) => { for (const input of byId(part.element).querySelectorAll("input")) type(input, given[input.dataset.name]); },
    "matching": (part, given) => { for (const select of byId(part.element).querySelectorAll("select")) type(select, given[select.dataset.left]); },
    "ordering": (part, ids) => {
      const list = byId(part.element).querySelector(".order");
      for (const id of ids) { const entry = [...list.children].find((row) => row.dataset.id === id); if (entry) list.append(entry); }
      part.touched = true;
    },
  };
  const bringBack = (part, answer) => {
    try { back[part.kind](part, answer); } catch { return; }
    if (part.kind === "essay") byId(part.element).dispatchEvent(new Event("input", { bubbles: true }));
  };

  // ---- exact numbers: a decimal or a fraction as [numerator, denominator] of big integers -------------------------

  const rational = (text) => {
    const match = /^([+-]?)(\d{0,300})(?:\.(\d{0,300}))?(?:e([+-]?\d{1,3}))?(?:\/(\d{1,300}))?$/i.exec(text);
    if (!match || !(match[2] || match[3])) return null;
    const digits = match[3] ?? "", exponent = Number(match[4] ?? 0) - digits.length;
    let top = BigInt(match[2] + digits), bottom = BigInt(match[5] ?? 1);
    if (bottom === 0n) return null;
    if (exponent >= 0) top *= 10n ** BigInt(exponent); else bottom *= 10n ** BigInt(-exponent);
    return [match[1] === "-" ? -top : top, bottom];
  };
  const within = (number, { middle, radius, open }) => {
    const [[a, b], [c, d], [e, f]] = [number, rational(middle), rational(radius)];
    const difference = a * d - c * b, distance = (difference < 0n ? -difference : difference) * f;
    return open ? distance < e * b * d || !difference : distance <= e * b * d;
  };

  const plus = ([a, b], [c, d]) => [a * d + c * b, b * d];
  const times = ([a, b], [c, d]) => [a * c, b * d];
  const power = ([a, b], exponent) => [a ** BigInt(exponent), b ** BigInt(exponent)];
  const sign = ([top]) => (top > 0n ? 1 : top < 0n ? -1 : 0);

  // ---- checking: {credit, when} of an answer, or {note} if it cannot be checked here ------------------------------

  // The tokens of a wording, as grading compares them: signs that cannot be seen, the shape of quotes and hyphens, and,
  // unless it matters, case make no difference; in token sequences masks have several spellings, sentinels numbers.
  const UNSEEN = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
  const ALIKE = [[/[‘’ʼ‛´`]/g, "'"], [/[“”„‟]/g, '"'], [/[‐‑]/g, "-"]];
  const SENTINELS = "XYZUVWABCDEFGHIJKLMNOPQRST";
  // As Unicode folds it, sign by sign: ß is ss, and a sigma is one wherever it stands.
  const caseless = (text) => text.replace(/[^ı]/gu, (sign) => sign.toLowerCase().toUpperCase().toLowerCase());
  const plain = (text, check) => {
    const seen = ALIKE.reduce((all, [signs, usual]) => all.replace(signs, usual), text.replace(UNSEEN, ""));
    let tokens = seen.normalize("NFC").split(/[\s\x1c-\x1f\x85]+/).filter(Boolean);
    if (check.tokens) {
      tokens = tokens.map((token) => (/^(\[mask\]|<mask>|\[m\])$/i.test(token) ? "[MASK]" : token));
      const numbered = [...new Set(tokens.map((token) => token.toLowerCase()).filter((token) => /^[<⟨]extra_id_\p{Nd}{1,3}[>⟩]$/u.test(token)))];
      tokens = tokens.map((token) => { const letter = SENTINELS[numbered.indexOf(token.toLowerCase())]; return letter ? `[${letter}]` : token; });
      if (/^\[cls\]$/i.test(tokens[0])) tokens = tokens.slice(1);
    }
    const joined = tokens.join(" ");
    return check.case ? joined : caseless(joined);
  };

  // A decimal or a fraction, with the blanks and the unit that grading allows in it; only what both read alike.
  const BLANK = "[ \\t\\u00a0\\u2002\\u2003\\u2007\\u2009\\u202f]", ONE = BLANK.replace("\\t", "");
  const WHOLE = `(?:[1-9]\\d{0,2}(?:${ONE}\\d{3})+(?!\\d)|\\d+)`;
  const NUMBER = new RegExp(`^([+-]?)${BLANK}*(${WHOLE}(?:[.,]\\d*)?|[.,]\\d+)(?:(e[+-]?\\d{1,3})|${BLANK}*(E[+-]?\\d{1,3})|${BLANK}*(/)${BLANK}*(\\d+))?$`);
  const [MOST_DIGITS, MOST_EXPONENT] = [60, 300];
  const without = (text, unit) => {
    const cut = /^(nats|bits)$/.test(unit) ? text.toLowerCase() : text;
    return unit && cut.endsWith(unit) ? text.slice(0, -unit.length) : text;
  };
  const typed = (text, check) => {
    const written = without(text.trim().replace(/[\u2212\u2013]/g, "-"), check.unit).trim();
    if (!check.comma && written.includes(",")) return { note: words.comma };
    const found = NUMBER.exec(written);
    if (!found) return { note: words["no-number"] };
    const [, minus, decimal, small, large, over = "", below = ""] = found, power = small ?? large ?? "";
    if (check.comma && !over && /^[1-9]\d{0,2}\.\d{3}$/.test(decimal)) return { note: words["no-point"] };
    const digits = decimal.replace(/[^\d.,]/g, ""), cut = over && digits.endsWith(",");
    const long = Math.max(digits.length, below.length) > MOST_DIGITS || Math.abs(power.slice(1)) > MOST_EXPONENT;
    const number = long || cut ? null : rational(minus + digits.replace(",", ".") + power + over + below);
    return number ? { number } : { note: words["no-number"] };
  };

  // Of each condition that fails its name; those about one number come first, and where one fails no other is said.
  const failing = (conditions, numbers) => {
    for (const alone of [true, false]) {
      const failed = [];
      for (const condition of conditions.filter((entry) => entry.alone === alone)) {
        const orders = condition.links.map(({ terms }) => sign(terms.reduce((total, [coefficient, exponents]) =>
          plus(total, exponents.reduce((product, exponent, place) => times(product, power(numbers[place], exponent)), rational(coefficient))), [0n, 1n])));
        const broken = condition.links.findIndex(({ holds }, place) => !holds.includes(orders[place]));
        if (broken >= 0) failed.push(orders[broken] === 0 && condition.equal ? condition.equal : condition.when);
      }
      if (failed.length) return failed;
    }
    return [];
  };

  const marks = {
    "single-choice": (check, id) => ({ credit: check.credits[id] ?? 0, when: [id] }),
    "multiple-answer": (check, ids) => {
      const hits = check.correct.filter((id) => ids.includes(id)).length, alarms = ids.length - hits;
      const missed = check.correct.length - hits;
      const when = [...ids.filter((id) => !check.correct.includes(id)), ...check.correct.filter((id) => !ids.includes(id))];
      const credit = check.scoring === "all-or-nothing" || !check.correct.length ? Number(!alarms && !missed)
        : check.scoring === "per-option" ? 1 - (alarms + missed) / check.options.length
        : Math.max(0, (hits - alarms) / check.correct.length);
      return { credit, when };
    },
    "numeric": (check, text) => {
      const { number, note } = typed(text, check);
      if (note) return { note };
      const found = check.numbers.find((entry) => within(number, entry));
      return found ? { credit: found.credit, when: [found.when] } : { credit: 0, when: [] };
    },
    "numeric-tuple": (check, given) => {
      const read = check.names.map((name) => (given[name] === undefined ? null : typed(given[name], check)));
      const place = read.findIndex((entry) => entry?.note);
      if (place >= 0) return { note: `${check.shown[place]}: ${read[place].note}` };
      if (read.includes(null)) return { credit: 0, when: [] };
      const numbers = read.map((entry) => entry.number), failed = failing(check.conditions, numbers);
      if (!failed.length) return { credit: 1, when: [] };
      const known = check.known.find((entry) => entry.numbers.every((text, k) => {
        const [[a, b], [c, d]] = [numbers[k], rational(text)];
        return a * d === c * b;
      }));
      return { credit: known?.credit ?? 0, when: known?.when ? [known.when] : failed };
    },
    "short-answer": (check, text) => {
      const given = plain(text, check), found = check.texts.filter((entry) => plain(entry.text, check) === given);
      return { credit: found[0]?.credit ?? 0, when: found.map((entry) => entry.when) };
    },
    "matching": (check, pairs) => {
      const lefts = Object.keys(check.pairs), right = lefts.filter((left) => pairs[left] === check.pairs[left]);
      return { credit: right.length / lefts.length, when: Object.entries(pairs).map(([left, to]) => `${left}=${to}`) };
    },
    "ordering": (check, ids) => {
      const right = ids.filter((id, place) => id === check.order[place]).length;
      const credit = check.scoring === "all-or-nothing" ? Number(right === ids.length) : right / ids.length;
      return { credit, when: [ids.join(" ")] };
    },
  };
  marks["true-false"] = marks["single-choice"];

  const uncover = (part, when) => {
    const feedback = byId(`${part.element}-feedback`);
    if (feedback) for (const block of feedback.children) block.hidden = !when.includes(block.dataset.when);
  };

  const check = (question) => {
    let credit = 0, checked = 0, blank = 0;
    const notes = new Set(), note = (part, text) => {
      if (question.single) notes.add(text);
      else { mark(part, "", text); if (!part.check) notes.add(words["part-not-here"]); else notes.add(text); }
    };
    for (const part of question.parts) {
      if (part.kind === "ordering") part.touched = true;
      const answer = answerOf(part);
      uncover(part, []);
      mark(part, "", "");
      if (answer === null) { blank += 1; if (part.check) checked += part.check.weight; continue; }
      const found = part.check ? marks[part.kind](part.check, answer) : { note: words["not-here"] };
      if (found.note) { note(part, found.note); continue; }
      checked += part.check.weight;
      credit += part.check.weight * found.credit;
      uncover(part, found.when);
      if (!question.single) mark(part, ...verdict(found.credit));
    }
    progress();
    if (blank === question.parts.length) return say(question, "", words.blank);
    const share = checked ? credit / checked : 0;
    const [state, text] = checked ? verdict(share) : ["", ""];
    return say(question, state, [text, ...notes].filter(Boolean).join(" "));
  };

  const verdict = (share) => share > 1 - 1e-6 ? ["right", words.right]
    : share < 1e-6 ? ["wrong", words.wrong]
    : ["partly", fill(words.partly, { percent: Math.min(99, Math.max(1, Math.round(share * 100))) })];

  const mark = (part, state, text) => {
    const field = byId(part.element), line = byId(`${part.element}-verdict`);
    if (field?.matches("input, select")) {
      field.dataset.state = state;
      if (state === "wrong") field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
    }
    if (line) { line.dataset.state = state; line.textContent = text; }
  };

  const say = (question, state, text) => {
    const verdict = byId(`${question.element}-verdict`);
    verdict.dataset.state = state;
    verdict.textContent = text;
  };

  // ---- the page ----------------------------------------------------------------------------------------------------

  const status = byId("status"), done = byId("answered");
  const unanswered = () => data.items.filter((question) => responseOf(question) === null);
  const progress = () => {
    done.textContent = fill(words.answered, { done: data.items.length - unanswered().length, all: data.items.length });
  };

  const move = (button, part) => {
    const entry = button.closest("li"), list = entry.parentElement;
    const other = button.dataset.way === "1" ? entry.nextElementSibling : entry.previousElementSibling;
    if (other) (button.dataset.way === "1" ? other.after(entry) : other.before(entry));
    part.touched = true;
    button.focus();
    const place = [...list.children].indexOf(entry) + 1;
    status.textContent = fill(words.moved, { entry: entry.dataset.text, place, all: list.children.length });
  };

  const nextHint = (question, button) => {
    const hints = [...byId(`${question.element}-hints`).children];
    hints.find((hint) => hint.hidden)?.removeAttribute("hidden");
    if (hints.some((hint) => hint.hidden)) button.textContent = words["another-hint"];
    else { button.textContent = words["no-more-hints"]; button.disabled = true; }
  };

  const toggleSolution = (question, button) => {
    const solution = byId(`${question.element}-solution`);
    solution.hidden = !solution.hidden;
    button.setAttribute("aria-expanded", String(!solution.hidden));
    button.textContent = solution.hidden ? words.solution : words["hide-solution"];
  };

  for (const question of data.items) {
    const section = byId(question.element);
    section.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.matches(".check")) check(question);
      else if (button.matches(".hint")) nextHint(question, button);
      else if (button.matches(".reveal")) toggleSolution(question, button);
      else if (button.matches(".move")) {
        move(button, question.parts.find((part) => byId(part.element)?.contains(button)));
        section.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    section.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input") && section.querySelector(".check")) check(question);
    });
    section.addEventListener("input", (event) => {
      unsaved = true;
      if (section.querySelector(".check")) say(question, "", "");
      for (const part of question.parts) if (event.target.closest?.(`[id="${part.element}"]`)) mark(part, "", "");
      if (event.target.matches?.("textarea")) {
        const count = event.target.value.split(/\s+/).filter(Boolean).length;
        byId(`${event.target.id}-count`).textContent = fill(words.words, { count });
      }
      progress();
    });
  }

  byId("download")?.addEventListener("click", () => {
    const learner = text(byId("learner"));
    const answers = data.items.map((question) => ({ item: question.item, code: question.code, response: responseOf(question) }))
      .filter((answer) => answer.response !== null);
    const file = { format: "quizgen-answers", version: 1, quiz: data.quiz, learner, submitted_at: new Date().toISOString(), answers };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(file, null, 1)], { type: "application/json" }));
    link.download = `${[data.quiz, learner].map((name) => name.replace(/[^\p{L}\p{N}._-]+/gu, "-")).filter(Boolean).join("-")}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    unsaved = false;
    const open = unanswered().map((question) => question.code).join(", ");
    byId("saved").textContent = fill(words.downloaded, { file: link.download }) + (open ? ` ${fill(words.unanswered, { codes: open })}` : "");
  });

  const theme = byId("theme");
  const stored = (() => { try { return localStorage.getItem("quizgen-theme"); } catch { return null; } })();
  if (stored) document.documentElement.dataset.theme = stored;
  theme?.addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("quizgen-theme", root.dataset.theme); } catch { /* a page without storage forgets it */ }
  });

  // A reload, or a browser that fails and opens its tabs again, loses no answer; a downloaded one is kept in its file only.
  const kept = `quizgen ${data.quiz} ${byId("learner")?.defaultValue ?? ""} ${data.items.map((question) => question.item).join(" ")}`;
  const keep = () => {
    const state = { learner: byId("learner")?.value ?? "", answers: data.items.map((question) => question.parts.map(answerOf)) };
    try { if (unsaved) sessionStorage.setItem(kept, JSON.stringify(state)); else sessionStorage.removeItem(kept); } catch { /* a page without storage */ }
  };
  const bringAllBack = () => {
    const { learner, answers } = JSON.parse(sessionStorage.getItem(kept)) ?? { learner: "", answers: [] };
    for (const [place, given] of answers.entries()) {
      for (const [number, answer] of given.entries()) if (answer !== null) bringBack(data.items[place].parts[number], answer);
    }
    if (learner) byId("learner").value = learner;
    unsaved = answers.length > 0;
  };
  if (!window.quizPlatform?.found) {
    try { bringAllBack(); } catch { /* a page without storage */ }
    document.addEventListener("input", keep);
    byId("download")?.addEventListener("click", keep);
  }

  // Browsers of some years ago ask for the value only.
  window.addEventListener("beforeunload", (event) => { if (unsaved) { event.preventDefault(); event.returnValue = true; } });
  if (done) progress();

  // What a package needs that reports the answers to a platform.
  const markOf = (part) => {
    const answer = answerOf(part);
    return !part.check ? null : answer === null ? { credit: 0 } : marks[part.kind](part.check, answer);
  };
  if (data.platform) window.quizPage = { data, byId, fill, answerOf, bringBack, markOf, rational, progress, unanswered, saved: () => { unsaved = false; } };
})();
