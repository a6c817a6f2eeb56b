import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultKind, RateGroup } from '../faults/faults.ts';
import type { ApiKey } from '../people/api-keys.ts';
import type { Portal } from '../stand-in-portal.ts';
import { PortalError } from './portal-exceptions.ts';
import type { Link, Reply } from './replies.ts';

/** Scopes of full access, each enough to read. */
export const FULL_READ: readonly string[] = ['*:read', '*:write'];

/** One path and method of the API: its rules and its action. */
export interface Endpoint {
  /**
   * `none` checks no scope, `settings` only the scopes of a key in the header, `anonymous` not even
   * the caller (P-KEY-09).
   */
  readonly scopes: readonly string[] | 'none' | 'settings' | 'anonymous';
  readonly policy?: 'sensitive' | 'invitations';
  /** Closed states in which the endpoint still answers (P-TENANT-04). */
  readonly open?: readonly ('suspended' | 'gone' | 'moving' | 'unpaid')[];
  /** Group of fault rates; absent for endpoints without faults. */
  readonly rates?: RateGroup;
  /** A DELETE of the whole resource, which reads no body. */
  readonly hasNoBody?: true;
  readonly act: (exchange: Exchange) => Reply | Promise<Reply>;
}

/** One request in the pipeline; the steps fill in its fields. */
export interface Exchange {
  /** The portal; from `authenticate` on with the sentences of the caller's language. */
  portal: Portal;
  readonly request: Request;
  readonly url: URL;
  readonly endpoint: Endpoint | undefined;
  /** The part of the path that the endpoint leaves open, in lower case. */
  readonly parameter?: string | undefined;
  /** Address of the peer: the partition of the limiters for unauthenticated requests. */
  readonly peer: string;
  readonly link: Link;
  /** The life of the server in which the request arrived; aborted when that is killed. */
  readonly life: AbortSignal;
  /** Set by `authenticate`: a valid key. */
  caller?: ApiKey | undefined;
  /** Set by `readBody`: the JSON of a POST or PUT. */
  body?: unknown;
  /** Bytes of the body, read on demand. */
  bytes?: Promise<ArrayBuffer> | undefined;
  /** Set by `note subject`: the address of the person in the request. */
  email?: string | undefined;
  /** Set by `draw fault`. */
  fault?: FaultKind | undefined;
  /** Set by `act`. */
  reply?: Reply | undefined;
  /** Returns the slot of the limiters; set by `admit`. */
  release: () => void;
}

/** A client that went away before its body was read: nothing happens (P-CREATE-16). */
export class ClientLeft extends Error {
  override readonly name = 'ClientLeft';
}

/** The caller of an endpoint behind `authorize`, which refuses requests without a caller. */
export function callerOf(exchange: Exchange): ApiKey {
  if (exchange.caller !== undefined) return exchange.caller;
  throw new PortalError('noCaller');
}

/** A trace id of problem documents, in W3C form. */
export function traceIdOf({ portal }: Exchange): string {
  const hex = (): string => portal.newId().replaceAll('-', '');
  return `00-${hex()}-${hex().slice(0, 16)}-00`;
}

/** Waits for a share of the portal's latency, or until the portal is killed. */
export async function takeTime({ portal, life }: Exchange, share: number): Promise<void> {
  const { latencyMs } = portal.conditions.faults;
  if (latencyMs === 0) return;
  await sleep(latencyMs * share, undefined, { signal: life }).catch(() => undefined);
}
