import { parseJson } from '../json.ts';
import type { Ledger } from '../ledger.ts';
import { rewriteLog } from '../lua/rewrite-log.ts';
import { runScript } from '../lua/script.ts';
import { detailsText } from './action-log.ts';

/** Entries read at a time. */
const PAGE = 500;

/**
 * Removes from the action log whatever an entry of today would not say: older versions logged the
 * address of notifications, which is a secret. Entries keep their ids. Returns how many changed.
 */
export async function scrubLog(ledger: Ledger): Promise<number> {
  const { redis, keys } = ledger;
  const changed: string[] = [];
  let after = '-';
  for (;;) {
    const page = await redis.xrange(keys.log, after, '+', 'COUNT', PAGE);
    changed.push(...page.flatMap(cleaned));
    if (page.length < PAGE) break;
    after = `(${page.at(-1)?.[0]}`;
  }
  if (changed.length === 0) return 0;
  return runScript(ledger, rewriteLog, { keys, list: changed });
}

/** The id and the new details of an entry that has more than it may. */
function cleaned([id, fields]: [id: string, fields: string[]]): string[] {
  const at = fields.findIndex((name, index) => index % 2 === 0 && name === 'details');
  const stored = parseJson(fields[at + 1]);
  const text = detailsText(stored);
  return at < 0 || text === JSON.stringify(stored) ? [] : [id, text];
}
