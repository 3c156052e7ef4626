// Reads {name: package in base64} from the standard input, uploads each to an H5P server and saves its content there.
// Writes for each what the server stored, or why it refused. The libraries on the server have no code: they are their
// names, versions and the fields that h5p_libraries.json says they take. A group is an object, a text with tags a list
// of them, "text" one without.
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const H5P = require("@lumieducation/h5p-server");
const declared = require("./h5p_libraries.json");

function field(name, shape) {
  if (typeof shape === "string") return { name, type: shape, optional: true };
  if (Array.isArray(shape)) return { name, type: "text", widget: "html", tags: shape, optional: true };
  if (shape["list of"]) {
    return { name, type: "list", entity: "entry", optional: true, field: field("entry", shape["list of"]) };
  }
  if (shape["one of"]) {
    const options = shape["one of"].map((value) => ({ value, label: value }));
    return { name, type: "select", options, optional: true };
  }
  if (shape["text of at most"]) return { name, type: "text", maxLength: shape["text of at most"], optional: true };
  if (shape.library) return { name, type: "library", options: shape.library, optional: true };
  return { name, type: "group", fields: semantics(shape), optional: true };
}

function semantics(fields) {
  return Object.entries(fields).map(([name, shape]) => field(name, shape));
}

function install(folder) {
  for (const [library, fields] of Object.entries(declared)) {
    const [machineName, version] = library.split(" ");
    const [majorVersion, minorVersion] = version.split(".").map(Number);
    const place = path.join(folder, `${machineName}-${version}`);
    fs.mkdirSync(place, { recursive: true });
    const about = { title: machineName, machineName, majorVersion, minorVersion, patchVersion: 0, runnable: 1 };
    fs.writeFileSync(path.join(place, "library.json"), JSON.stringify(about));
    fs.writeFileSync(path.join(place, "semantics.json"), JSON.stringify(semantics(fields)));
  }
}

const user = { id: "1", name: "test", email: "test@example.org", type: "local" };

async function stored(editor, data) {
  const { metadata, parameters } = await editor.uploadPackage(data, user);
  const main = metadata.preloadedDependencies.find((one) => one.machineName === metadata.mainLibrary);
  const ubername = `${main.machineName} ${main.majorVersion}.${main.minorVersion}`;
  const id = await editor.saveOrUpdateContent(undefined, parameters, metadata, ubername, user);
  const content = await editor.getContent(id, user);
  return { library: content.library, metadata: content.h5p, params: content.params.params };
}

async function main() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "h5p-"));
  try {
    const inside = (name) => {
      fs.mkdirSync(path.join(folder, name));
      return path.join(folder, name);
    };
    const libraries = inside("libraries");
    install(libraries);
    const config = new H5P.H5PConfig();
    const editor = new H5P.H5PEditor(
      new H5P.fsImplementations.InMemoryStorage(),
      config,
      new H5P.fsImplementations.FileLibraryStorage(libraries),
      new H5P.fsImplementations.FileContentStorage(inside("content")),
      new H5P.fsImplementations.DirectoryTemporaryFileStorage(inside("temporary")),
    );
    const found = {};
    for (const [name, data] of Object.entries(JSON.parse(fs.readFileSync(0, "utf8")))) {
      try {
        found[name] = await stored(editor, Buffer.from(data, "base64"));
      } catch (error) {
        found[name] = { refused: [error.message, ...(error.errors || []).map((one) => one.message)].join("; ") };
      }
    }
    await new Promise((done) => process.stdout.write(JSON.stringify(found), done));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  process.exit(0);
}

main();
