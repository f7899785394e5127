// What everybody may reach, read from the standings: games played, games won, games tried.

const PLAYED = [1, 10, 100, 1000];
const WON = [1, 10, 50, 100];
const TRIED = [3, 5];

/** The milestones of somebody's standings, of each kind the greatest: [{key, count}]. */
export function milestones(standings) {
  const sum = (key) => standings.reduce((total, one) => total + one[key], 0);
  return [
    ["played", greatest(PLAYED, sum("played"))],
    ["won", greatest(WON, sum("won"))],
    ["tried", greatest(TRIED, standings.length)],
  ]
    .filter(([, count]) => count)
    .map(([key, count]) => ({ key, count }));
}

/** The greatest step that has been reached, 0 for none. */
function greatest(steps, count) {
  return steps.filter((step) => step <= count).at(-1) ?? 0;
}
