/** Screen readers hear numbers at most this often. */
const SELDOM_MS = 30_000;

/** Speaks at once when the state changes, and otherwise seldom. */
export function createAnnouncer(region: Element | null, now: () => number = Date.now) {
  let known: string | undefined;
  let spokenAt = now();
  return (state: string, text: string): void => {
    const isNews = known !== undefined && state !== known;
    known = state;
    if (region === null || (!isNews && now() - spokenAt < SELDOM_MS)) return;
    spokenAt = now();
    region.textContent = text;
  };
}
