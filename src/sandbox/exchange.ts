import { setTimeout as pause } from 'node:timers/promises';
import type { FaultKind, RateGroup } from './faults.ts';
import type { Caller } from './keys.ts';
import type { Portal } from './portal.ts';
import { PortalError } from './portal-errors.ts';
import type { View } from './profiles.ts';
import type { Link, Reply } from './replies.ts';
import { removedProfile } from './versions.ts';

/** One path and method of the API: who may call it and what it does. */
export interface Endpoint {
  /**
   * `none` checks no scope, `settings` only those of a key that was sent, `anonymous` not even
   * whether there is a caller (P-KEY-09).
   */
  readonly scopes: readonly string[] | 'none' | 'settings' | 'anonymous';
  readonly policy?: 'sensitive' | 'invitations';
  /** When this is served all the same (P-TENANT-03, P-TENANT-04). */
  readonly open?: readonly ('suspended' | 'gone' | 'moving' | 'unpaid')[];
  /** Which rates of faults it draws from; none for what no rate is about. */
  readonly rates?: RateGroup;
  readonly act: (exchange: Exchange) => Reply | Promise<Reply>;
}

/** One request on its way through the pipeline; the steps fill in what they find out. */
export interface Exchange {
  readonly portal: Portal;
  readonly request: Request;
  readonly url: URL;
  readonly endpoint: Endpoint | undefined;
  /** Address of the peer: the partition of the limiters while nobody is logged in. */
  readonly peer: string;
  readonly link: Link;
  /** Set by `authenticate`. */
  caller: Caller | undefined;
  /** Set by `readBody`: the JSON of a POST or PUT. */
  body: unknown;
  /** The bytes of the body, once a step has needed them. */
  bytes: Promise<ArrayBuffer> | undefined;
  /** Set by `note subject`: the address of the one person whom the request is about. */
  email: string | undefined;
  /** Set by `draw fault`: what this request is to suffer. */
  fault: FaultKind | undefined;
  /** Set by `act`. */
  reply: Reply | undefined;
  /** Gives back what the limiters lent; set by `admit`. */
  release: () => void;
}

/** The caller of an endpoint behind `authorize`, which lets nobody else through. */
export function callerOf(exchange: Exchange): Caller {
  if (exchange.caller !== undefined) return exchange.caller;
  throw new PortalError(401, 'System.Security.Authentication.AuthenticationException', 'No caller');
}

/** How profiles look to the caller of this exchange. */
export function viewOf(exchange: Exchange, isFresh = false): View {
  const { portal, url, caller } = exchange;
  return {
    origin: url.origin,
    utcOffsetMinutes: portal.utcOffsetMinutes,
    isAdminView: caller?.account.role === 'DocSpaceAdmin',
    isFresh,
    accountOf: (id) => (id === removedProfile.id ? removedProfile : portal.accounts.get(id)),
  };
}

/** A trace id in the W3C form that problem documents carry. */
export function traceIdOf({ portal }: Exchange): string {
  const trace = portal.newId().replaceAll('-', '');
  return `00-${trace}-${portal.newId().replaceAll('-', '').slice(0, 16)}-00`;
}

/** Lets the portal's latency pass, or a share of it. */
export async function takeTime(portal: Portal, share: number): Promise<void> {
  if (portal.latencyMs > 0) await pause(portal.latencyMs * share);
}
