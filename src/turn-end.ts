/** Work at the end of this turn of the event loop, and the writes after it. */
const works: (() => void)[] = [];
const writes: (() => void)[] = [];
let isDue = false;

/** Does some work when the other events of this turn are handled, before its commands are written. */
export function atTurnEnd(work: () => void): void {
  works.push(work);
  due();
}

/** Writes what this turn has sent. Work at its end has sent its commands by then. */
export function afterTurn(write: () => void): void {
  writes.push(write);
  due();
}

function due(): void {
  if (isDue) return;
  isDue = true;
  setImmediate(end);
}

function end(): void {
  isDue = false;
  for (const work of works.splice(0)) work();
  for (const write of writes.splice(0)) write();
}
