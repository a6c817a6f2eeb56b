import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import type { Timings } from '../../timings.ts';
import type { Frame } from '../pages/answer-page.tsx';
import { answerError } from '../pages/error-pages.tsx';
import type { ConsoleContext } from '../route.ts';
import type { Authentication } from './authentication.ts';
import { type Addresses, socketAddress } from './client-address.ts';
import { highest, type Role } from './roles.ts';
import type { Store } from './sessions.ts';
import type { SignInLog } from './sign-in-log.ts';
import type { Viewer } from './viewer.ts';

/** How a proxy says who somebody is. Names of headers are in lower case. */
export interface ProxySettings {
  userHeader: string | undefined;
  groupsHeader: string | undefined;
  secretHeader: string;
  secret(): string | undefined;
  addresses: Addresses | undefined;
  /** Role of each group; `*` is everybody. */
  roles: ReadonlyMap<string, Role> | undefined;
}

interface ProxyParts {
  frame: Frame;
  store: Store;
  settings: ProxySettings;
  note: SignInLog;
  timings: Timings;
}

/** A name that a page and the log can show. */
const NAME = /^[^\p{C}]{1,100}$/u;

const KEY_BYTES = 32;

/** People whose last request is remembered. */
const MOST_VISITS = 10_000;

/**
 * Sign-in at a proxy, such as one of a company's single sign-on: its headers say who somebody is and
 * in which groups. They are believed from the addresses of the proxy alone, with its secret where one
 * is set, and judged at each request. Nobody without a role is let in.
 */
export function createProxyAuth({
  frame,
  store,
  settings,
  note,
  timings,
}: ProxyParts): Authentication {
  const keyOf = rememberKey(store);

  const isNew = rememberVisits(timings.sessionIdleMs, frame.now);
  const judgedAt = new WeakMap<Viewer, number>();

  const identify: Authentication['identify'] = async (c, { isActivity }) => {
    const found = judge(settings, c);
    if (typeof found === 'string') return undefined;
    const token = createHmac('sha256', await keyOf())
      .update(found.name)
      .digest('base64url');
    const viewer = { ...found, token, isOfProxy: true };
    judgedAt.set(viewer, frame.now());
    if (isActivity && isNew(found.name)) await note('sign-in', found);
    return viewer;
  };

  /** Says what is missing; `/sign-in` is where people are led, and shows the same. */
  const refuse = (c: ConsoleContext): Response => {
    const found = judge(settings, c);
    if (typeof found !== 'string') return c.redirect('/', 303);
    return answerError(frame, c, { status: 403, title: 'You are not signed in', text: found });
  };

  return {
    identify,
    // A browser opens a stream that ended again, and its proxy then says what holds now.
    stillKnows: (viewer) => frame.now() - (judgedAt.get(viewer) ?? 0) < timings.liveJudgedMs,
    answerStranger: refuse,
    routes: [{ method: 'GET', path: '/sign-in', needs: 'nothing', handle: refuse }],
  };
}

/** Who a request is from, or a sentence about what is missing. */
function judge(settings: ProxySettings, c: Context): { name: string; role: Role } | string {
  const { addresses, roles = new Map(), userHeader = '', groupsHeader } = settings;
  if (addresses?.has(socketAddress(c)) !== true) {
    return 'This request is not from an address of CONSOLE_PROXY_ADDRESSES: open the console through the proxy of your sign-in.';
  }
  if (!hasSecret(settings, c)) {
    return 'The proxy did not send the secret of CONSOLE_PROXY_SECRET: set it in the proxy too.';
  }
  const twice = [userHeader, groupsHeader ?? ''].find((header) => isSentTwice(c, header));
  if (twice !== undefined) {
    return `The header ${twice} was sent twice: have the proxy replace what a browser sends.`;
  }
  const name = textOf(c, userHeader).trim();
  if (!NAME.test(name)) {
    return `The proxy sent no name in the header ${userHeader} (CONSOLE_PROXY_USER_HEADER): sign in there first, or correct the header.`;
  }
  const groups = groupsHeader === undefined ? [] : textOf(c, groupsHeader).split(',');
  const known = [...groups.map((group) => group.trim()), '*'].flatMap(
    (each) => roles.get(each) ?? [],
  );
  const role = highest(known);
  return role === undefined
    ? 'None of your groups has a role in this console: ask for one of the groups in CONSOLE_ROLES.'
    : { name, role };
}

function hasSecret({ secret, secretHeader }: ProxySettings, c: Context): boolean {
  const expected = secret();
  if (expected === undefined) return true;
  // Digests have one length, so that comparing them takes the same time for every guess.
  const digest = (text: string) => createHmac('sha256', 'secret').update(text).digest();
  return timingSafeEqual(digest(textOf(c, secretHeader)), digest(expected));
}

/** Whether the proxy added its header to one of the browser, which could name anybody. */
function isSentTwice(c: Context, header: string): boolean {
  const raw: readonly string[] = c.env?.incoming?.rawHeaders ?? [];
  return raw.filter((text, at) => at % 2 === 0 && text.toLowerCase() === header).length > 1;
}

/** A header as UTF-8; Node reads each byte as one character. */
function textOf(c: Context, header: string): string {
  const given = c.req.header(header) ?? '';
  const text = Buffer.from(given, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? given : text;
}

/** Whether somebody comes for the first time, or after `idleMs` without a request. */
function rememberVisits(idleMs: number, now: () => number): (name: string) => boolean {
  const visits = new Map<string, number>();
  return (name) => {
    const isNew = now() - (visits.get(name) ?? Number.NEGATIVE_INFINITY) > idleMs;
    // At the end, so that the first of the map is the oldest.
    visits.delete(name);
    visits.set(name, now());
    const [oldest] = visits.keys();
    if (visits.size > MOST_VISITS && oldest !== undefined) visits.delete(oldest);
    return isNew;
  };
}

/** The key of form tokens, the same for all consoles of a prefix, read once. */
function rememberKey({ redis, keys }: Store): () => Promise<string> {
  let known: string | undefined;
  return async () => {
    if (known === undefined) {
      await redis.set(keys.formKey, randomBytes(KEY_BYTES).toString('base64url'), 'NX');
      known = (await redis.get(keys.formKey)) ?? undefined;
    }
    if (known === undefined) throw new Error('Redis lost the key of form tokens at once');
    return known;
  };
}
