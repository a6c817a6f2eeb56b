import { isoTime } from '../../ledger/iso-time.ts';
import type { Hold } from '../../ledger/stops/holds.ts';
import { type Wait, waitCode, waitUntil } from '../../overview/current-waits.ts';
import { line } from '../../printable.ts';
import { shortTime } from '../../zoned-time.ts';

/** A hold as `--json` shows it; null when there is none. */
export function holdFields(hold: Hold | undefined): object | null {
  return hold === undefined ? null : { ...hold, since: isoTime(hold.since) };
}

/** A hold for people: what is wrong, what to do, how to continue. */
export function holdText({ code, reason, remedy, detail }: Hold): string {
  return [
    line`held (${code}): ${reason}`,
    ...(detail === undefined ? [] : [line`  ${detail}`]),
    line`  what to do: ${remedy}`,
    '  to continue: onboard resume, or the same onboard run with --resume',
  ].join('\n');
}

const limiters: Readonly<Record<string, string>> = {
  requests: 'rate limit of the portal',
  concurrency: 'limit of concurrent requests of the portal',
  daily: 'daily write limit of the portal',
  endpoint: 'invite limit of the portal',
  invitations: 'daily invitation limit of the portal',
};

/** Words for outages that are none of the portal. */
const elsewhere: Readonly<Record<string, string>> = {
  'proxy-unreachable': 'the proxy of HTTPS_PROXY cannot be reached',
  'proxy-gateway': 'the proxy of HTTPS_PROXY does not reach the portal',
  'web-page': 'a web page comes in place of an answer',
};

/** One sentence about a wait; `now` in ms. */
export function waitText(wait: Wait, now: number): string {
  if (wait.kind === 'outage') {
    const words = elsewhere[wait.reason];
    const reason = words === undefined ? wait.reason : `${wait.reason}: ${words}`;
    return line`portal unreachable (${reason}) since ${shortTime(wait.since, now)}: workers keep trying`;
  }
  return line`${limiters[wait.code] ?? wait.code}: continues at ${shortTime(wait.until, now)}`;
}

/** One sentence about a wait that a person ended, by its code. */
export function endedText(code: string): string {
  const what = code === 'outage' ? 'portal, which was unreachable' : (limiters[code] ?? code);
  return line`ended the wait for the ${what}: the portal is asked again now`;
}

/** A wait as `--json` shows it. */
export function waitFields(wait: Wait, now: number): object {
  return { code: waitCode(wait), text: waitText(wait, now), until: waitUntil(wait) };
}
