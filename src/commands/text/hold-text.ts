import { isoTime } from '../../ledger/iso-time.ts';
import type { Hold } from '../../ledger/stops/holds.ts';

/** A hold as `--json` shows it; null when there is none. */
export function holdFields(hold: Hold | undefined): object | null {
  return hold === undefined ? null : { ...hold, since: isoTime(hold.since) };
}

/** A hold for people: what is wrong, what to do, how to continue. */
export function holdText({ code, reason, remedy }: Hold): string {
  return [
    `held (${code}): ${reason}`,
    `  what to do: ${remedy}`,
    '  to continue: onboard resume (or, with onboard run, the same command again)',
  ].join('\n');
}
