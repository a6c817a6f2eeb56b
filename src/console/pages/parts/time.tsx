import { shortTime } from '../../../zoned-time.ts';

/** A moment: the server's time with its offset, which the script shows in the reader's zone. */
export function Time({ at, now }: { at: number | string; now: number }) {
  const moment = new Date(at);
  const utc = moment.toISOString();
  return (
    <time datetime={utc} title={`${utc.slice(0, 19).replace('T', ' ')} UTC`} data-form="short">
      {shortTime(moment.getTime(), now)}
    </time>
  );
}

/** A time of day to the second. */
export function Clock({ at }: { at: number }) {
  const utc = new Date(at).toISOString();
  return (
    <time datetime={utc} title={`${utc.slice(0, 19).replace('T', ' ')} UTC`} data-form="clock">
      {shortTime(at, at)}
    </time>
  );
}
