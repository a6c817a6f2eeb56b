/** Names that are suggested at most. */
const MOST_SUGGESTED = 3;

/** Names that contain the wrong one, then names that differ in at most a third of its letters. */
export function nearestNames(wrong: string, names: readonly string[]): string[] {
  const [word, most] = [wrong.toLowerCase(), Math.max(1, Math.floor(wrong.length / 3))];
  return names
    .map((name) => ({ name, distance: distanceOf(word, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_SUGGESTED)
    .map(({ name }) => name);
}

/** 0 when the name contains the word, else the letters to change, insert or leave out. */
function distanceOf(word: string, name: string): number {
  if (word.length > 2 && name.includes(word)) return 0;
  let above = Array.from({ length: name.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...word].entries()) {
    const row = [index + 1];
    for (let at = 1; at <= name.length; at += 1) {
      const change = (above[at - 1] ?? 0) + (letter === name[at - 1] ? 0 : 1);
      row.push(Math.min(change, (above[at] ?? 0) + 1, (row[at - 1] ?? 0) + 1));
    }
    above = row;
  }
  return above.at(-1) ?? 0;
}
