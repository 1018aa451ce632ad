// Blind listening: names and pictures go away, versions change places, votes stay in this browser until exported.
const voteKey = `codecgate.votes.${core.digest}`;

function votes() {
  try { return JSON.parse(localStorage.getItem(voteKey)) || []; } catch { return []; }
}

function keep(list) {
  try { localStorage.setItem(voteKey, JSON.stringify(list)); } catch { say("This browser keeps no votes for files; export before you leave."); }
  countVotes(list);
}

function countVotes(list) {
  if (!byId("vote-count")) return;
  const tally = {};
  for (const vote of list) tally[vote.choice] = (tally[vote.choice] || 0) + 1;
  const parts = Object.entries(tally).sort((a, b) => b[1] - a[1]).map(([name, count]) => `${name}: ${count}`);
  byId("vote-count").textContent = `${list.length} vote${list.length === 1 ? "" : "s"}${parts.length ? " (" + parts.join(", ") + ")" : ""}`;
}

function shuffled(list) {
  const result = [...list];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = Math.floor(Math.random() * (index + 1));
    [result[index], result[other]] = [result[other], result[index]];
  }
  return result;
}

function toggleBlind(player) {
  player.isBlind = !player.isBlind;
  player.card.classList.toggle("blind", player.isBlind);
  const titles = player.figures.map((figure) => figure.dataset.title);
  const tested = player.order.filter((index) => index > 0);
  if (player.isBlind) {
    const hidden = shuffled(tested);
    player.order = [0, ...hidden];
    player.names = titles.map((title, index) => (index === 0 ? title : `version ${String.fromCharCode(65 + hidden.indexOf(index))}`));
    player.isMatched = true;
    player.current = 0;
    if (player.isPlaying) player.engine.mix(player.gains());
    player.votes.replaceChildren(element("span", {}, "Closest to the reference:"), ...hidden.map((index) =>
      element("button", { type: "button", onclick: () => vote(player, index) }, player.names[index])));
  } else {
    player.order = titles.map((_, index) => index);
    player.names = titles;
    player.votes.replaceChildren();
  }
  player.figures.forEach((figure, index) => { figure.hidden = player.isBlind && index > 0; });
  player.label();
  say(player.isBlind ? "Blind mode on: names are hidden." : "Blind mode off.");
}

function vote(player, index) {
  const order = player.order.map((one) => player.figures[one].dataset.title);
  keep([...votes(), { run: core.digest, segment: Number(player.card.dataset.row), choice: player.figures[index].dataset.title, order, at: new Date().toISOString() }]);
  const shown = player.names[index];
  toggleBlind(player);
  player.votes.replaceChildren(element("span", {}, `${shown} was ${player.figures[index].dataset.title}. Vote kept.`));
  say(`Vote kept: ${player.figures[index].dataset.title}`);
}

if (byId("votes")) {
  countVotes(votes());
  byId("vote-clear").onclick = () => keep([]);
  byId("vote-export").onclick = () => {
    const text = JSON.stringify({ schema: "codecgate.votes/1", run: core.digest, votes: votes() }, null, 2);
    const link = element("a", { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: `votes-${core.digest}.json` });
    link.click();
    URL.revokeObjectURL(link.href);
  };
}
