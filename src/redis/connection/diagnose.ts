import { createConnection, type Socket } from 'node:net';
import { connect, TLSSocket } from 'node:tls';
import { codeOf, messageOf } from '../../errors.ts';
import type { RedisTarget } from './target.ts';

/** Why a first connection failed, and the remedy. */
export interface Diagnosis {
  what: string;
  remedy: string;
}

const OTHER_ADDRESS = 'correct host and port in REDIS_URL';

const BY_CODE: Record<string, Diagnosis> = {
  ERR_TLS_CERT_ALTNAME_INVALID: {
    what: 'has a certificate for another name',
    remedy: 'write the name that its certificate has in REDIS_URL, or renew the certificate',
  },
  CERT_HAS_EXPIRED: { what: 'has a certificate that has expired', remedy: 'renew it' },
  CERT_NOT_YET_VALID: {
    what: 'has a certificate that is not valid yet',
    remedy: 'correct the wrong clock (NTP)',
  },
};

const NO_TRUST: Diagnosis = {
  what: 'has a certificate of an authority that is not trusted here',
  remedy: 'set NODE_EXTRA_CA_CERTS to the file of its authority, or correct REDIS_URL',
};

const ANSWERS: readonly (readonly [words: RegExp, diagnosis: Diagnosis])[] = [
  [
    /max number of clients/,
    {
      what: 'has no connection left (maxclients)',
      remedy:
        'raise its maxclients, or end other clients; docs/configuration.md has the connections of each command',
    },
  ],
  [
    /^NOAUTH/,
    {
      what: 'wants a password (NOAUTH)',
      remedy: 'write redis://user:password@host:6379 in REDIS_URL',
    },
  ],
  [
    /^WRONGPASS|invalid password/,
    { what: 'refuses user and password (WRONGPASS)', remedy: 'correct REDIS_URL' },
  ],
  [/Unknown RESP type|Protocol error/, { what: 'is no Redis', remedy: OTHER_ADDRESS }],
  [/self-signed|unable to (?:verify|get)|issuer certificate/, NO_TRUST],
];

/** Errors that say enough themselves; a longer examination would only take longer. */
const CLEAR = ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EACCES'];

/**
 * Finds out why a first connection failed, with at most two connections that send no password.
 * Undefined when the error says it itself. Takes `limitMs` twice at most.
 */
export async function diagnose(
  { options }: RedisTarget,
  error: unknown,
  limitMs: number,
): Promise<Diagnosis | undefined> {
  const code = codeOf(error) ?? '';
  const text = messageOf(error);
  const known = BY_CODE[code] ?? ANSWERS.find(([words]) => words.test(text))?.[1];
  const { host, port, tls } = options;
  if (known !== undefined || CLEAR.includes(code) || !host || !port) return known;
  const said = await firstWords(createConnection({ host, port }), limitMs);
  const isRedis = /^[+-]/.test(said);
  if (isRedis) return byAnswer(said.slice(1)) ?? (tls === undefined ? undefined : PLAIN);
  // A server of TLS answers plain text with an alert.
  if (tls !== undefined) return said === '' || said.startsWith(ALERT) ? undefined : NO_REDIS;
  const name = /^[\d.:]+$/.test(host) ? {} : { servername: host };
  const secure = connect({ host, port, rejectUnauthorized: false, ...name });
  return (await firstWords(secure, limitMs)) === HANDSHAKE
    ? SECURE
    : said === ''
      ? undefined
      : NO_REDIS;
}

const PLAIN: Diagnosis = {
  what: 'does not speak TLS',
  remedy: 'write redis:// instead of rediss:// in REDIS_URL, or the port that speaks TLS',
};
const SECURE: Diagnosis = {
  what: 'expects TLS',
  remedy: 'write rediss:// instead of redis:// in REDIS_URL',
};
const NO_REDIS: Diagnosis = { what: 'is no Redis', remedy: OTHER_ADDRESS };

function byAnswer(said: string): Diagnosis | undefined {
  return ANSWERS.find(([words]) => words.test(said.replace(/^ERR /, '')))?.[1];
}

/** First byte of an alert of TLS. */
const ALERT = '\x15';

/** Stands for a server that has finished the handshake of TLS. */
const HANDSHAKE = 'tls';

/** The first bytes that a server sends, or answers to a PING; empty when it closes or is silent. */
function firstWords(socket: Socket, limitMs: number): Promise<string> {
  return new Promise((resolve) => {
    const end = (text: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(text);
    };
    const timer = setTimeout(() => end(''), limitMs);
    socket.once('data', (data: Buffer) => end(data.toString('latin1')));
    socket.on('error', () => end(''));
    socket.on('close', () => end(''));
    if (socket instanceof TLSSocket) socket.on('secureConnect', () => end(HANDSHAKE));
    else socket.on('connect', () => socket.write('PING\r\n'));
  });
}
