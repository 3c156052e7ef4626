// Reads GIFT from the standard input and writes what gift-pegjs makes of it, as JSON.
"use strict";
const { parse } = require("gift-pegjs");
const text = require("fs").readFileSync(0, "utf8");
try {
  process.stdout.write(JSON.stringify({ questions: parse(text) }));
} catch (error) {
  const at = error.location ? ` at line ${error.location.start.line}` : "";
  process.stdout.write(JSON.stringify({ refused: error.message + at }));
}
