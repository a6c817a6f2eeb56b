import { z } from 'zod';
import type { GroupRef, Named, NamedGroups } from '../../people/groups.ts';
import { parseJson } from '../json.ts';
import type { Ledger } from '../ledger.ts';

/** Fields of one command. */
const SLICE_FIELDS = 1000;

const groupSchema = z.object({ id: z.string(), name: z.string() });
const namedSchema = z.object({
  rows: z.number().catch(0),
  groups: z.array(groupSchema).optional(),
  missing: z.array(z.string()).optional(),
});

/** Writes what a list names; an entry that is there already is replaced. */
export async function storeNamed(ledger: Ledger, batch: string, named: NamedGroups): Promise<void> {
  const entries = [...named];
  for (let first = 0; first < entries.length; first += SLICE_FIELDS) {
    const some = entries.slice(first, first + SLICE_FIELDS);
    const fields = some.flatMap(([key, value]) => [key, JSON.stringify(value)]);
    await ledger.redis.hset(ledger.keys.groups(batch), ...fields);
  }
}

/** Everything that a list names. */
export async function readNamed(ledger: Ledger, batch: string): Promise<Map<string, Named>> {
  const all = await ledger.redis.hgetall(ledger.keys.groups(batch));
  return new Map(Object.entries(all).map(([key, text]) => [key, decode(text)]));
}

/** Notes that every name is settled: from now on people are created. */
export async function noteGroupsReady(ledger: Ledger, batch: string): Promise<void> {
  const record = ledger.keys.record(batch);
  await ledger.redis.hset(record, 'groupsReady', 1);
  await ledger.redis.hdel(record, 'groupReadings');
}

/** Whether every name is settled. */
export async function areGroupsReady(ledger: Ledger, batch: string): Promise<boolean> {
  return (await ledger.redis.hget(ledger.keys.record(batch), 'groupsReady')) === '1';
}

/** Groups of a person, each once, and names without a group. */
export async function groupsOfPerson(
  ledger: Ledger,
  batch: string,
  keys: readonly string[],
): Promise<{ groups: GroupRef[]; missing: string[] }> {
  if (keys.length === 0) return { groups: [], missing: [] };
  const texts = await ledger.redis.hmget(ledger.keys.groups(batch), ...keys);
  const all = texts.map(decode);
  const groups = new Map(all.flatMap((each) => (each.groups ?? []).map((one) => [one.id, one])));
  const missing = new Set(all.flatMap((each) => each.missing ?? []));
  return { groups: [...groups.values()], missing: [...missing] };
}

function decode(text: string | null): Named {
  return namedSchema.safeParse(parseJson(text)).data ?? { rows: 0 };
}
