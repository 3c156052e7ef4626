"use strict";
// Which variant of each question a learner gets: the one that the answers are kept with, else drawn from who it is.
(() => {
  const place = document.getElementById("quiz-data"), data = JSON.parse(place.textContent);
  const { state, learner } = window.quizPlatform;
  const hashed = (text) => {
    let hash = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return (hash ^ (hash >>> 13)) >>> 0;
  };
  data.drawn = data.items.map((question, slot) => {
    const others = document.querySelectorAll(`template[data-slot="${question.element}"]`), count = others.length + 1;
    const kept = state?.drawn?.[slot];
    const drawn = Number.isInteger(kept) && kept >= 0 && kept < count ? kept : learner ? hashed(`${data.quiz} ${learner} ${slot}`) % count : 0;
    if (drawn) {
      const { content } = others[drawn - 1], known = content.querySelector("script");
      data.items[slot] = JSON.parse(known.textContent);
      known.remove();
      document.getElementById(question.element).replaceWith(content);
    }
    for (const other of others) other.remove();
    return drawn;
  });
  place.textContent = JSON.stringify(data);
})();
