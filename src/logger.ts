import { createRequire } from 'node:module';
import type { DestinationStream } from 'pino';
import { withoutAddresses, withoutKeys } from './redact.ts';

interface Write {
  (fields: object, message: string): void;
  (message: string): void;
}

/** The logger as the parts use it: fields, if any, then one short sentence. */
export interface Logger {
  fatal: Write;
  error: Write;
  warn: Write;
  info: Write;
  debug: Write;
  trace: Write;
  /** A logger that adds these fields to every line. */
  child(fields: object): Logger;
}

const levels = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const;

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
 * addresses are masked at info and above. pino is loaded with the first line that is written: most
 * commands write none, and start sooner without it.
 */
export function createLogger(options: LoggerOptions): Logger {
  let opened: Logger | undefined;
  const open = (): Logger => {
    opened ??= openPino(options);
    return opened;
  };
  const least =
    Object.entries(levels).find(([name]) => name === options.level)?.[1] ??
    Number.POSITIVE_INFINITY;
  const writer = (level: keyof typeof levels): Write => {
    if (levels[level] < least) return () => undefined;
    return (first: object | string, message?: string) => {
      const logger = open();
      if (typeof first === 'string') logger[level](first);
      else logger[level](first, message ?? '');
    };
  };
  return {
    fatal: writer('fatal'),
    error: writer('error'),
    warn: writer('warn'),
    info: writer('info'),
    debug: writer('debug'),
    trace: writer('trace'),
    child: (fields) => open().child(fields),
  };
}

function openPino(options: LoggerOptions): Logger {
  const { pino }: typeof import('pino') = load('pino');
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
  if (options.pretty) {
    const { PinoPretty }: typeof import('pino-pretty') = load('pino-pretty');
    return PinoPretty({ destination: 2, sync: true, ignore: 'pid,hostname' });
  }
  const { pino }: typeof import('pino') = load('pino');
  return pino.destination({ dest: 2, sync: true });
}

/** A CommonJS package, at once: a line of the log does not wait for a promise. */
function load(name: 'pino' | 'pino-pretty') {
  return createRequire(import.meta.url)(name);
}

/** One finished JSON log line without keys and, at info and above, without whole e-mail addresses. */
function redactLine(line: string, secrets: readonly string[]): string {
  const text = withoutKeys(line, secrets);
  const level = Number(/"level":(\d+)/.exec(text)?.[1] ?? 0);
  return level <= levels.debug ? text : withoutAddresses(text);
}
