import { problemReply, type Reply, sentenceReply } from '../http/replies.ts';
import { type Exchange, traceIdOf } from '../http/server-exchange.ts';
import type { Faults } from './faults.ts';

/** TenantStatus on the wire, which GET /settings shows (P-TENANT-01), and its kind of closure. */
export const tenantStatuses: Readonly<
  Record<Faults['tenantStatus'], { code: number; closure?: 'suspended' | 'gone' | 'moving' }>
> = {
  Active: { code: 0 },
  Suspended: { code: 1, closure: 'suspended' },
  RemovePending: { code: 2, closure: 'gone' },
  Transfering: { code: 3, closure: 'moving' },
  Restoring: { code: 4, closure: 'moving' },
  Migrating: { code: 5 },
  Encryption: { code: 6, closure: 'moving' },
};

/** Refuses most requests of a closed or unpaid portal (P-TENANT-02, P-TENANT-04). */
export function checkTenant(exchange: Exchange): Reply | undefined {
  const { portal, endpoint } = exchange;
  const { tenantStatus, tariff, hostUnknown } = portal.conditions.faults;
  if (hostUnknown) return problemReply(404, traceIdOf(exchange));
  const { closure } = tenantStatuses[tenantStatus];
  // A portal that moves still serves every path with one of two ends (P-TENANT-03).
  const isSuffix = closure === 'moving' && /(?:settings|@self)\/*$/i.test(exchange.url.pathname);
  if (closure !== undefined && !isSuffix && !endpoint?.open?.includes(closure)) {
    portal.journal.suffered(`tenant.${tenantStatus}`);
    return problemReply(closure === 'moving' ? 403 : 404, traceIdOf(exchange));
  }
  if (tariff !== 'unpaid' || endpoint?.open?.includes('unpaid')) return checkAddress(exchange);
  portal.journal.suffered('tariff.unpaid');
  return problemReply(402, traceIdOf(exchange));
}

/** Refuses clients at an address that the portal does not allow (P-TENANT-05). */
function checkAddress({ portal, request }: Exchange): Reply | undefined {
  if (!portal.conditions.faults.addressRefused) return undefined;
  portal.journal.suffered('address.refused');
  return sentenceReply(403, portal.texts.addressRefused, request.headers.get('accept') ?? '');
}
