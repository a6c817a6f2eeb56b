import { type DestinationStream, type Logger, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { maskEmail } from './person.ts';

export type { Logger } from 'pino';

const KEY_PATTERN = /sk-[0-9a-zA-Z]{8,}/g;
/**
 * An escape of JSON, or an address. Escapes come first, so that the n of `\n` is never taken for the
 * first letter of an address, which would leave a line that is no JSON.
 */
const ESCAPE_OR_EMAIL = /\\(?:u[0-9a-f]{4}|.)|(?:[^\s"'<>,;:()\\@]+'*|'+)@[^\s"'<>,;:()\\@]+/gi;
const DEBUG_LEVEL = 20;

export interface LoggerOptions {
  /** A pino level name, or `silent`. */
  level: string;
  /** Readable lines instead of JSON. */
  pretty: boolean;
  /** Values that must never be written, whatever logs them (the API key). */
  secrets?: readonly string[];
  /** Where the lines go; standard error when absent, because results own standard output. */
  destination?: DestinationStream;
}

/**
 * The program's logger. Every finished line passes one filter, so that neither a field, an error
 * nor a nested object can carry a secret past it: API keys become `[key]` at every level, e-mail
 * addresses are masked at info and above.
 */
export function createLogger(options: LoggerOptions): Logger {
  const target = options.destination ?? stderrOf(options);
  const secrets = (options.secrets ?? []).filter((secret) => secret.length > 0);
  const filtered: DestinationStream = {
    write: (line: string) => target.write(redactLine(line, secrets)),
  };
  return pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    filtered,
  );
}

function stderrOf(options: LoggerOptions): DestinationStream {
  if (options.pretty) return PinoPretty({ destination: 2, sync: true, ignore: 'pid,hostname' });
  return pino.destination({ dest: 2, sync: true });
}

/** One finished JSON log line without keys and, at info and above, without whole e-mail addresses. */
function redactLine(line: string, secrets: readonly string[]): string {
  const text = withoutKeys(line, secrets);
  const level = Number(/"level":(\d+)/.exec(text)?.[1] ?? 0);
  return level <= DEBUG_LEVEL ? text : withoutAddresses(text);
}

/** A text with every API key, and each of `secrets`, as `[key]`. */
export function withoutKeys(text: string, secrets: readonly string[]): string {
  let rest = text.replace(KEY_PATTERN, '[key]');
  for (const secret of secrets) rest = rest.replaceAll(secret, '[key]');
  return rest;
}

/** A text with every e-mail address masked. */
export function withoutAddresses(text: string): string {
  return text.replace(ESCAPE_OR_EMAIL, (found) =>
    found.startsWith('\\') ? found : maskEmail(found),
  );
}
