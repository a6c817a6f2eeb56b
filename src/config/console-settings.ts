import { isLoopback } from '../loopback.ts';
import { type PrivateText, readPrivate } from '../private-file.ts';
import { addressesIn, rolesIn } from './console-forms.ts';
import type { Environment } from './environment.ts';

/** Settings of the console. */
export function consoleSettings(env: Environment) {
  const { CONSOLE_PROXY_SECRET: secret } = env;
  return {
    host: env.CONSOLE_HOST,
    port: env.CONSOLE_PORT,
    auth: env.CONSOLE_AUTH,
    usersFile: env.CONSOLE_USERS_FILE,
    /** Origin that browsers use; undefined on this machine alone. */
    url: env.CONSOLE_URL === undefined ? undefined : new URL(env.CONSOLE_URL),
    label: env.CONSOLE_LABEL,
    /** Most bytes of the files of an upload. */
    uploadBytes: env.CONSOLE_UPLOAD_MB * 1_048_576,
    approval: env.CONSOLE_APPROVAL,
    proxy: {
      /** Names of headers in lower case. */
      userHeader: env.CONSOLE_PROXY_USER_HEADER?.toLowerCase(),
      groupsHeader: env.CONSOLE_PROXY_GROUPS_HEADER?.toLowerCase(),
      secretHeader: env.CONSOLE_PROXY_SECRET_HEADER.toLowerCase(),
      /** A function, so that no dump of the configuration shows it. */
      secret: () => secret,
      addresses: addressesIn(env.CONSOLE_PROXY_ADDRESSES ?? ''),
      roles: rolesIn(env.CONSOLE_ROLES ?? ''),
    },
  };
}

/** Faults of settings that are right by themselves and wrong together: who could open the console. */
export function consoleFaults(env: Environment, read: (path: string) => PrivateText = readPrivate) {
  const { CONSOLE_HOST: host, CONSOLE_AUTH: auth } = env;
  const faults: string[] = [];
  const isLocal = isLoopback(host);
  if (auth === 'link' && !isLocal) {
    faults.push('CONSOLE_HOST opens the console to others: set CONSOLE_AUTH to users or proxy');
  }
  if (auth === 'link' && env.CONSOLE_URL !== undefined) {
    faults.push(
      'CONSOLE_URL is for CONSOLE_AUTH users or proxy: unset it, or set one of these; links work on this machine alone',
    );
  }
  if (auth === 'link' && env.CONSOLE_APPROVAL === 'other') {
    faults.push(
      'CONSOLE_APPROVAL=other needs two people: set CONSOLE_AUTH to users or proxy, or unset it; a link signs in one',
    );
  }
  if (auth !== 'link' && !isLocal && env.CONSOLE_URL === undefined) {
    faults.push(
      'CONSOLE_URL is missing, and CONSOLE_HOST opens the console to others: set it to the address that browsers use, https://…',
    );
  }
  if (auth === 'users') faults.push(...usersFaults(env, read));
  return auth === 'proxy' ? [...faults, ...proxyFaults(env)] : faults;
}

function usersFaults({ CONSOLE_USERS_FILE: path }: Environment, read: typeof readPrivate) {
  if (path === undefined) {
    return [
      'CONSOLE_USERS_FILE is missing: set it to a file with the lines that onboard console user prints',
    ];
  }
  const { fault } = read(path);
  return fault === undefined ? [] : [`CONSOLE_USERS_FILE ${fault}`];
}

function proxyFaults(env: Environment): string[] {
  const needed = [
    ['CONSOLE_PROXY_USER_HEADER', 'set it to the header with the name of the user'],
    ['CONSOLE_PROXY_ADDRESSES', 'set it to the addresses of the proxy'],
    ['CONSOLE_ROLES', 'set it to the roles of groups, as hr=operator,it=admin,*=viewer'],
  ] as const;
  const faults = needed
    .filter(([name]) => env[name] === undefined)
    .map(([name, remedy]) => `${name} is missing: ${remedy}`);
  const groups = [...(rolesIn(env.CONSOLE_ROLES ?? '')?.keys() ?? [])];
  if (env.CONSOLE_PROXY_GROUPS_HEADER === undefined && groups.some((group) => group !== '*')) {
    faults.push(
      'CONSOLE_PROXY_GROUPS_HEADER is missing, and CONSOLE_ROLES names groups: set it to the header with the groups of the user',
    );
  }
  const isShared = addressesIn(env.CONSOLE_PROXY_ADDRESSES ?? '')?.hasLoopback === true;
  if (isShared && env.CONSOLE_PROXY_SECRET === undefined) {
    faults.push(
      'CONSOLE_PROXY_SECRET is missing: CONSOLE_PROXY_ADDRESSES has this machine, whose every user can send the header; set a secret that the proxy sends too',
    );
  }
  return faults;
}
