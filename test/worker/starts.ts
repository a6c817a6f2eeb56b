import type { Stage } from '../support/stage.ts';

/** Start times of create-user jobs, ms of Redis' clock: the ids of the stream are times. */
export async function startsOf({ redis, queues }: Stage): Promise<number[]> {
  const events = await redis.xrange(`${queues.prefix}:create-user:events`, '-', '+');
  return events.flatMap(([id, fields]) => {
    const isStart = fields[fields.indexOf('event') + 1] === 'active';
    return isStart ? [Number(id.split('-')[0])] : [];
  });
}
