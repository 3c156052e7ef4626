// Reads a JSON list of xAPI statements from the standard input and writes what is wrong with each, as JSON.
"use strict";
const validate = require("@learninglocker/xapi-validation").default;
const statements = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(statements.map((statement) => validate(statement).map(String))));
