import { actorName } from '../../process/actor.ts';
import { parseJson } from '../json.ts';
import type { Ledger } from '../ledger.ts';
import { type Action, entrySchema, type LogEntry } from './action-log.ts';

/** Entries read at a time. */
const PAGE = 500;

/** Redis refuses 0-0 as an end, and numbers beyond 64 bits. */
const ENTRY_ID = /^[1-9]\d{0,14}-\d{1,15}$/;

/** Entries that are asked for; those that fulfil every condition. */
export interface LogFilter {
  batch?: string | undefined;
  action?: Action | undefined;
  /** The name of who acted, in any case. */
  name?: string | undefined;
}

export interface Reading extends LogFilter {
  limit: number;
  /** Receives the number of entries that this program did not write. */
  onForeign?: ((count: number) => void) | undefined;
}

/** An entry with its id, the place in the log. */
export type LoggedEntry = LogEntry & { id: string };

/** The newest entries first: of one batch, or of all. */
export async function readLog(ledger: Ledger, reading: Reading): Promise<LogEntry[]> {
  const { entries } = await readLogPage(ledger, reading);
  return entries.map(({ id: _, ...entry }) => entry);
}

interface Paging extends Reading {
  /** Id of an entry: only older ones are read. */
  before?: string | undefined;
  /** Entries that are searched, at most. */
  search?: number | undefined;
}

/** A page of entries, newest first; `next` is `before` of the next one, which may be empty. */
export async function readLogPage(
  ledger: Ledger,
  { before, search = Number.POSITIVE_INFINITY, limit, onForeign, ...filter }: Paging,
): Promise<{ entries: LoggedEntry[]; next: string | undefined }> {
  const found: LoggedEntry[] = [];
  let last = ENTRY_ID.test(before ?? '') ? before : undefined;
  for (let searched = 0; searched < search; searched += PAGE) {
    const newest = last === undefined ? '+' : `(${last}`;
    const page = await ledger.redis.xrevrange(ledger.keys.log, newest, '-', 'COUNT', PAGE);
    const entries = page.flatMap(toEntry);
    if (entries.length < page.length) onForeign?.(page.length - entries.length);
    found.push(...entries.filter((entry) => isWanted(entry, filter)));
    if (found.length > limit) return { entries: found.slice(0, limit), next: found[limit - 1]?.id };
    if (page.length < PAGE) return { entries: found, next: undefined };
    last = page.at(-1)?.[0];
  }
  return { entries: found, next: last };
}

function isWanted(entry: LogEntry, { batch, action, name }: LogFilter): boolean {
  const isBy = name === undefined || actorName(entry.by).toLowerCase() === name.toLowerCase();
  const isAbout = batch === undefined || entry.batch === batch;
  return isBy && isAbout && (action === undefined || entry.action === action);
}

function toEntry([id, fields]: [id: string, fields: string[]]): LoggedEntry[] {
  const pairs = fields.flatMap((name, index) => {
    return index % 2 === 0 ? [[name, fields[index + 1] ?? ''] as const] : [];
  });
  const { by, details, batch, code, ...texts } = Object.fromEntries(pairs);
  const { data } = entrySchema.safeParse({
    at: id.split('-')[0],
    ...texts,
    batch: batch || null,
    code: code || null,
    by: parseJson(by),
    details: parseJson(details),
  });
  return data === undefined ? [] : [{ id, ...data, at: new Date(data.at).toISOString() }];
}
