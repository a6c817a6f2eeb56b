import { BlockList, isIP } from 'node:net';
import { isLoopback } from '../loopback.ts';

/** How people sign in to the console. */
export const authModes = ['link', 'users', 'proxy'] as const;

/** Who may approve a plan: any operator, or another one than its uploader. */
export const approvals = ['any', 'other'] as const;

/** Roles of the console, from the least. */
export const consoleRoles = ['viewer', 'operator', 'admin'] as const;
export type ConsoleRole = (typeof consoleRoles)[number];

/** Name of a header, as HTTP allows it. */
export const HEADER = /^[\w!#$%&'*+.^`|~-]{1,100}$/;

/** No control or direction character, which could make one installation look like another. */
export const LABEL = /^[^\p{C}]{1,40}$/u;

/** Addresses that a proxy may have, and whether this machine is among them. */
export interface ProxyAddresses {
  has(address: string): boolean;
  hasLoopback: boolean;
}

/** Reads `10.0.0.5, 10.1.0.0/16, ::1`; undefined where an entry is no address and no network. */
export function addressesIn(text: string): ProxyAddresses | undefined {
  const list = new BlockList();
  const entries = splitList(text);
  if (entries.length === 0 || !entries.every((entry) => addTo(list, entry))) return undefined;
  const has = (address: string) => {
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
  const isOurs = (entry: string) => isLoopback(entry.split('/')[0] ?? '');
  return { has, hasLoopback: entries.some(isOurs) || has('127.0.0.1') || has('::1') };
}

function addTo(list: BlockList, entry: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const family = isIP(address);
  const most = family === 6 ? 128 : 32;
  if (family === 0 || Number(bits ?? most) > most) return false;
  list.addSubnet(address, Number(bits ?? most), family === 6 ? 'ipv6' : 'ipv4');
  return true;
}

/**
 * Reads `hr=operator,it=admin,*=viewer`: the role of each group, `*` for everybody. Undefined where
 * an entry has no group or no such role. A name of a group may have `=` in it.
 */
export function rolesIn(text: string): ReadonlyMap<string, ConsoleRole> | undefined {
  const roles = new Map<string, ConsoleRole>();
  for (const entry of splitList(text)) {
    const [, group = '', name] = /^(.*?)\s*=\s*(\w+)$/.exec(entry) ?? [];
    const role = consoleRoles.find((each) => each === name);
    if (group === '' || role === undefined) return undefined;
    roles.set(group, role);
  }
  return roles.size === 0 ? undefined : roles;
}

/** Whether a text is the origin that browsers use: `https://`, or `http://` for this machine. */
export function isConsoleUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, origin, href } = new URL(text);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  return isSafe && href === `${origin}/`;
}

function splitList(text: string): string[] {
  const entries = text.split(',').map((entry) => entry.trim());
  return entries.filter((entry) => entry !== '');
}
