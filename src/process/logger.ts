import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { BEYOND_ASCII, escapeOf } from '../printable.ts';
import { spellingsOf, withoutAddresses, withoutKeys } from '../privacy/redact.ts';
import { requirePackage } from '../require-package.ts';

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

export interface Logger extends Pick<PinoLogger, Level> {
  child(fields: object): Logger;
  isLevelEnabled(level: Level): boolean;
}

export interface LoggerOptions {
  level: string;
  /** Values that must never be written, whatever logs them. */
  secrets?: readonly string[] | undefined;
  /** Receives the lines; standard error by default, because results own standard output. */
  destination?: DestinationStream | undefined;
}

/**
 * The program's logger. Every finished line passes one filter, so that no field, error or nested
 * object can carry a secret past it: API keys become `[key]` at every level, e-mail addresses are
 * masked at info and above.
 */
export function createLogger({ level, secrets, destination }: LoggerOptions): Logger {
  // Loading pino takes 40 ms of the start of a command, and most commands write no line.
  if (level === 'silent') return createSilence();
  const { pino }: typeof import('pino') = requirePackage('pino');
  const target = destination ?? pino.destination({ dest: 2, sync: true });
  const hidden = spellingsOf(secrets ?? []);
  const filtered = { write: (line: string) => target.write(redactLine(line, hidden)) };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, filtered);
}

function createSilence(): Logger {
  const none = () => undefined;
  const silence: Logger = {
    trace: none,
    debug: none,
    info: none,
    warn: none,
    error: none,
    fatal: none,
    child: () => silence,
    isLevelEnabled: () => false,
  };
  return silence;
}

/** Standard error in readable lines instead of JSON. Only terminals need the package. */
export async function readableLines(): Promise<DestinationStream> {
  const { PinoPretty } = await import('pino-pretty');
  return PinoPretty({ destination: 2, sync: true, ignore: 'pid,hostname' });
}

const DEBUG = 20;

/** An escape of JSON, so that the `u` of `\\u001b` is not taken for the beginning of one. */
const ESCAPE = /\\(?:u([0-9a-f]{4})|.)/gi;

/**
 * Writes control and format characters of the values as text, `\\u001b`: made readable for a
 * terminal, an escape of JSON alone would become the character again.
 */
function inert(line: string): string {
  const escaped = line.replace(ESCAPE, (found, code) => (code ? `\\\\u${code}` : found));
  return escaped.replace(BEYOND_ASCII, (character) => `\\${escapeOf(character)}`);
}

/** One finished JSON log line without keys and, at info and above, without whole e-mail addresses. */
function redactLine(line: string, spellings: readonly string[]): string {
  const text = withoutKeys(line, spellings);
  const level = Number(/"level":(\d+)/.exec(text)?.[1] ?? 0);
  return inert(level <= DEBUG ? text : withoutAddresses(text));
}
