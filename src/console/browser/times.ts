/** Shows times in the zone of the reader; the title keeps UTC. */
export function localTimes(root: ParentNode): void {
  for (const time of root.querySelectorAll('time[datetime], text[data-at]')) {
    const at = new Date(time.getAttribute('datetime') ?? time.getAttribute('data-at') ?? '');
    if (Number.isNaN(at.getTime())) continue;
    time.textContent = time.getAttribute('data-form') === 'clock' ? clock(at) : near(at);
  }
}

function clock(at: Date): string {
  return at.toLocaleTimeString(undefined, { timeStyle: 'medium' });
}

/** The time of day of today; with the date on any other day. */
function near(at: Date): string {
  const now = new Date();
  const isSoon = Math.abs(at.getTime() - now.getTime()) < 60_000;
  if (at.toDateString() === now.toDateString()) {
    return at.toLocaleTimeString(undefined, { timeStyle: isSoon ? 'medium' : 'short' });
  }
  const year = at.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  const date = at.toLocaleDateString(undefined, { day: 'numeric', month: 'short', ...year });
  return `${date}, ${at.toLocaleTimeString(undefined, { timeStyle: 'short' })}`;
}
