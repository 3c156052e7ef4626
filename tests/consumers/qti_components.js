// Scores responses to an item in @citolab/qti-components; one after the other, each an attempt.
async ({ xml, responses }) => {
  document.body.innerHTML = "";
  const holder = document.createElement("qti-item");
  const box = document.createElement("item-container");
  const connected = new Promise((done) =>
    holder.addEventListener("qti-assessment-item-connected", (event) => done(event.detail), { once: true }),
  );
  box.itemXML = xml;
  holder.append(box);
  document.body.append(holder);
  const item = await connected;
  await item.updateComplete;
  await new Promise((done) => setTimeout(done));
  const outcomes = [];
  for (const given of responses) {
    for (const [name, value] of Object.entries(given)) item.updateResponseVariable(name, value);
    item.processResponse(true, false);
    const found = item.variables.filter((variable) => variable.type === "outcome");
    outcomes.push(Object.fromEntries(found.map((variable) => [variable.identifier, variable.value])));
  }
  return outcomes;
};
