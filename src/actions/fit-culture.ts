import type { Source } from '../intake/source.ts';
import { nearestCulture } from '../people/nearest-culture.ts';
import type { Remark } from '../people/remark.ts';
import type { Portal } from '../portal/client.ts';
import { readCultures } from '../portal/public-facts.ts';
import { line } from '../printable.ts';
import type { Timings } from '../timings.ts';

interface Fitted {
  /** The culture of accounts and invite. */
  culture: string | undefined;
  /** The portal's cultures, where the list has any and the portal lists its own. */
  cultures: string[] | undefined;
  remarks: Remark[];
}

/**
 * Compares the culture of a submission with those of the portal, which is asked only when the list
 * or the submission names one: an unknown culture would be stored and read as the default
 * (P-CREATE-14).
 */
export async function fitCulture(
  { portal, timings }: { portal: Portal; timings: Timings },
  source: Pick<Source, 'has'>,
  given: string | undefined,
): Promise<Fitted> {
  if (given === undefined && !source.has('culture')) {
    return { culture: given, cultures: undefined, remarks: [] };
  }
  const cultures = await readCultures(portal, timings);
  if (given === undefined || cultures === undefined)
    return { culture: given, cultures, remarks: [] };
  const culture = nearestCulture(given, cultures);
  if (culture?.toLowerCase() === given.toLowerCase()) return { culture, cultures, remarks: [] };
  const instead = culture === undefined ? 'it is left out' : `${culture} is sent`;
  const has = cultures.join(', ');
  const text = line`the portal does not have the culture ${given}: ${instead}; it has ${has}`;
  return { culture, cultures, remarks: [{ code: 'culture-unknown', text }] };
}
