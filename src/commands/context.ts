import { readFileSync } from 'node:fs';
import { type Config, loadConfig, type Need } from '../config/config.ts';
import { readDotEnv } from '../config/dot-env.ts';
import { unknownVariables } from '../config/unknown-variables.ts';
import { defined } from '../defined.ts';
import { OnboardError } from '../errors.ts';
import { damageOf } from '../ledger/damaged.ts';
import { printable } from '../printable.ts';
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
  /** When LOG_LEVEL is unset: `warn` by default, beside a progress bar; `info` for servers. */
  logLevel?: 'info' | 'warn' | 'silent';
  /** Flags that stand for a variable. */
  overrides?: Record<string, string | undefined>;
}

/**
 * Reads the configuration, runs a command's body and closes what it opened, whatever happened.
 * @throws {OnboardError} E_CONFIG before anything is opened, and whatever the body throws.
 */
export async function withContext(
  io: Io,
  { needs = [], logLevel = 'warn', overrides = {} }: Wants,
  body: (context: Context) => Promise<number>,
): Promise<number> {
  const readFile = (path: string) => readFileSync(path, 'utf8');
  const { values: dotEnv, ignored } = readDotEnv();
  if (ignored !== undefined && logLevel !== 'silent') io.stderr.write(`warning: ${ignored}\n`);
  if (logLevel !== 'silent') {
    for (const what of unknownVariables(io.env, dotEnv)) io.stderr.write(`warning: ${what}\n`);
  }
  const env = { ...io.env, ...defined(overrides) };
  const config = loadConfig({ env, dotEnv, readFile, needs });
  const logger = createLogger({
    level: config.logLevel ?? logLevel,
    destination: io.log ?? (io.stderr.isTTY ? await readableLines() : undefined),
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
    throw explained;
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
