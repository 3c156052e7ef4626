"use strict";
// Decisions are kept in this page and in the browser's own store. Nothing is sent; "Save my decisions" saves a file.
(() => {
  const data = JSON.parse(document.getElementById("quiz-data").textContent);
  const words = data.words;
  const answers = [...document.querySelectorAll("[data-answer]")];
  const byId = new Map(data.answers.map((answer) => [answer.id, answer]));
  const marker = document.getElementById("marker"), status = document.getElementById("decided");
  const store = "quizgen-review-" + data.list;
  const fill = (text, holes) => text.replace(/\{(\w+)\}/g, (whole, name) => holes[name] ?? whole);
  let unsaved = false;

  const SCORE = /^(\d{1,6}(?:[.,]\d{1,6})?)(?:\/(\d{1,6}))?( ?%)?$/;
  const isScore = (text) => {
    const match = SCORE.exec(text.trim());
    if (!match || (match[2] && !Number(match[2]))) return false;
    const share = Number(match[1].replace(",", ".")) / Number(match[2] ?? 1) / (match[3] ? 100 : 1);
    return share >= 0 && share <= 1;
  };
  const given = (root) => ({
    score: root.querySelector(".score").value.trim(), comment: root.querySelector(".comment").value.trim(),
  });
  const kept = () => Object.fromEntries(answers.map((root) => [root.dataset.answer, given(root)]));

  const refresh = () => {
    let done = 0;
    for (const root of answers) {
      const { score } = given(root), field = root.querySelector(".score"), good = isScore(score);
      field.setAttribute("aria-invalid", String(score !== "" && !good));
      root.classList.toggle("done", good);
      for (const button of root.querySelectorAll("button")) {
        button.setAttribute("aria-pressed", String(good && button.value === score));
      }
      done += good;
    }
    status.textContent = fill(words.progress, { done, all: answers.length });
  };
  const changed = () => {
    unsaved = true;
    try { localStorage.setItem(store, JSON.stringify({ marker: marker.value, given: kept() })); } catch { /* no store */ }
    refresh();
  };

  try {
    const before = JSON.parse(localStorage.getItem(store) ?? "null");
    if (before && typeof before.given === "object") {
      marker.value = marker.value || String(before.marker ?? "");
      for (const root of answers) {
        const one = before.given[root.dataset.answer];
        if (!one || root.querySelector(".score").value) continue;
        root.querySelector(".score").value = String(one.score ?? "");
        root.querySelector(".comment").value = String(one.comment ?? "");
      }
    }
  } catch { /* what the store holds is of no use */ }

  document.addEventListener("input", changed);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-answer] button");
    if (!button) return;
    const field = button.closest("[data-answer]").querySelector(".score");
    field.value = field.value.trim() === button.value ? "" : button.value;
    changed();
  });

  // A cell in quotes; one that a spreadsheet would take for a formula is written as text.
  const CALCULATED = /^[\s\u200b-\u200f\u2060\ufeff]*[=+\-@|%＝＋－＠]|^[\t\r\n]/;
  const cell = (text) => `"${(CALCULATED.test(text) ? "'" + text : text).replaceAll('"', '""')}"`;
  document.getElementById("save").addEventListener("click", () => {
    const wrong = answers.find((root) => given(root).score !== "" && !isScore(given(root).score));
    if (wrong) { wrong.querySelector(".score").focus(); return; }
    const rows = answers.map((root) => {
      const { score, comment } = given(root), answer = byId.get(root.dataset.answer);
      const by = score ? marker.value.trim() : "";
      return data.columns.map((column) => ({ ...answer, score, comment, marker: by })[column] ?? "").map(String).map(cell);
    });
    const lines = [data.columns.join(","), ...rows.map((row) => row.join(","))];
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv" }));
    const name = (marker.value.trim() || "decided").toLowerCase().replace(/[^\p{L}\p{N}._-]+/gu, "-");
    link.download = `${name}.csv`;
    link.click();
    unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  refresh();
})();
