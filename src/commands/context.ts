import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Config, loadConfig, type Need } from '../config/config.ts';
import { readDotEnv } from '../config/dot-env.ts';
import { unknownVariables } from '../config/unknown-variables.ts';
import { defined } from '../defined.ts';
import { OnboardError } from '../errors.ts';
import { damageOf } from '../ledger/damaged.ts';
import { line, printable } from '../printable.ts';
import { type Actor, readActor } from '../process/actor.ts';
import { createLogger, type Logger, readableLines } from '../process/logger.ts';
import { Closers } from '../process/shutdown.ts';
import { type Complaints, createComplaints } from '../redis/complaints.ts';
import { explainLost, refusalText } from '../redis/connection/lost.ts';
import type { Io } from './io.ts';

export interface Context {
  io: Io;
  config: Readonly<Config>;
  logger: Logger;
  /** Log of Redis' refusals, by all connections of the command together. */
  complaints: Complaints;
  closers: Closers;
  /** Ends the command with this error: something that it depends on is gone. */
  fail: (error: OnboardError) => void;
}

export interface Wants {
  needs?: readonly Need[];
  /** When LOG_LEVEL is unset: nothing by default, because prose says it; `info` for services. */
  logLevel?: 'info' | 'warn';
  /** Leaves out warnings, where a shell shows every line. */
  isQuiet?: boolean;
  /** Flags that stand for a variable. */
  overrides?: Record<string, string | undefined>;
}

/**
 * Reads the configuration, runs a command's body and closes what it opened, whatever happened.
 * @throws {OnboardError} E_CONFIG before anything is opened, and whatever the body throws.
 */
export async function withContext(
  io: Io,
  { needs = [], logLevel, isQuiet = false, overrides = {} }: Wants,
  body: (context: Context) => Promise<number>,
): Promise<number> {
  const readFile = (path: string) => readFileSync(path, 'utf8');
  const { values: dotEnv, ignored } = readDotEnv();
  if (ignored !== undefined && !isQuiet) io.stderr.write(`warning: ${ignored}\n`);
  if (!isQuiet) {
    for (const what of unknownVariables(io.env, dotEnv)) io.stderr.write(`warning: ${what}\n`);
  }
  const env = { ...io.env, ...defined(overrides) };
  const config = loadConfig({ env, dotEnv, readFile, needs });
  const level = config.logLevel ?? logLevel ?? 'silent';
  const isReadable = io.stderr.isTTY && level !== 'silent';
  const logger = createLogger({
    level,
    destination: io.log ?? (isReadable ? await readableLines() : undefined),
    secrets: config.secrets(),
  });
  const { complaintRepeatMs: repeatMs } = io.timings;
  const complaints = createComplaints({ logger, repeatMs, now: Date.now });
  const closers = new Closers(io.timings);
  const [failure, over] = [new AbortController(), new AbortController()];
  const fail = (error: OnboardError) => failure.abort(error);
  let deadlineMs = config.requestTimeoutMs + io.timings.drainMarginMs;
  try {
    const context = { io, config, logger, complaints, closers, fail };
    return await Promise.race([body(context), failed(failure), stuck(context, over.signal)]);
  } catch (error) {
    const explained = explainLost(damageOf(error) ?? error);
    if (explained !== error || failure.signal.aborted) deadlineMs = io.timings.failedCloseMs;
    if (isRefusal(explained)) complaints.remember(explained.cause);
    throw placed(explained, config);
  } finally {
    over.abort();
    const refusal = io.interrupt.aborted ? complaints.latest() : undefined;
    if (refusal !== undefined) io.stderr.write(`${printable(refusalText(refusal))}\n`);
    await closers.closeAll({ deadlineMs, logger });
  }
}

function isRefusal(error: unknown): error is OnboardError {
  return error instanceof OnboardError && error.code === 'E_REDIS_REFUSES';
}

/** Where a command without REDIS_URL looks. */
export function placeText({ dataDir }: Pick<Config, 'dataDir'>): string {
  return line`looked in ${resolve(dataDir)}, because REDIS_URL is not set`;
}

const UNKNOWN = ['E_BATCH_UNKNOWN', 'E_PERSON_UNKNOWN'];

/** Names the folder in an error about something that is not there: another one may have it. */
function placed(error: unknown, config: Config): unknown {
  const isUnknown = error instanceof OnboardError && UNKNOWN.includes(error.code);
  if (!isUnknown || config.redisUrl !== undefined || error.message.includes('looked in'))
    return error;
  const { code, message, details } = error;
  return new OnboardError(code, `${message} (${placeText(config)})`, { details: { ...details } });
}

async function failed({ signal }: AbortController): Promise<never> {
  await untilAborted(signal);
  throw signal.reason;
}

/** Rejects when an interrupted command, at its start or while it drains, waits for a lost Redis. */
async function stuck({ io, closers }: Context, over: AbortSignal): Promise<never> {
  await untilAborted(io.interrupt);
  await closers.silence(over);
  throw new OnboardError('E_REDIS_UNREACHABLE', 'Redis went away: stopped without it');
}

/** Who runs this command, for the action log. */
export function actorOf({ io, config }: Context): Actor {
  return readActor({ name: config.actor, sudoUser: io.env.SUDO_USER });
}

export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
