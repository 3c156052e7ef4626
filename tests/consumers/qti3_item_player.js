// Scores responses to an item in qti3-item-player, each in a session of its own: restored as if it had been suspended.
async ({ xml, responses }) => {
  const load = async (state) => {
    const ready = new Promise((done) => (window.itemReady = done));
    const guid = `session-${(window.sessions = (window.sessions || 0) + 1)}`;
    const sessionControl = { max_attempts: 0, show_feedback: true, validate_responses: false };
    const restored = state ? { state: { ...state, guid } } : {};
    window.player.loadItemFromXml(`${xml}<!-- ${guid} -->`, { guid, status: "interacting", sessionControl, ...restored });
    await ready;
  };
  const asked = (what) => {
    const ended = new Promise((done) => (window.itemEnded = done));
    window.player[what]("test");
    return ended;
  };
  await load(null);
  const { state } = await asked("suspendAttempt");
  const outcomes = [];
  for (const given of responses) {
    const responseVariables = state.responseVariables.map((variable) =>
      variable.identifier in given ? { ...variable, value: given[variable.identifier] } : variable,
    );
    await load({ ...state, responseVariables });
    const ended = await asked("endAttempt");
    outcomes.push(Object.fromEntries(ended.state.outcomeVariables.map((variable) => [variable.identifier, variable.value])));
  }
  return outcomes;
};
