import { readFileSync } from 'node:fs';
import { type Config, loadConfig, type Need } from '../config/config.ts';
import { defined } from '../defined.ts';
import { OnboardError } from '../errors.ts';
import { type Actor, readActor } from '../process/actor.ts';
import { createLogger, type Logger, readableLines } from '../process/logger.ts';
import { Closers } from '../process/shutdown.ts';
import { explainLost } from '../redis/connection/lost.ts';
import type { Io } from './io.ts';

/** The context that every command starts with. */
export interface Context {
  io: Io;
  config: Readonly<Config>;
  logger: Logger;
  closers: Closers;
  /** Ends the command with this error: something that it depends on is gone. */
  fail: (error: OnboardError) => void;
}

interface Wants {
  needs: readonly Need[];
  /** Level when LOG_LEVEL is unset: `info` for servers, `warn` beside a progress bar. */
  logLevel: 'info' | 'warn' | 'silent';
  /** Flags that stand for a variable. */
  overrides?: Record<string, string | undefined> | undefined;
}

/**
 * Reads the configuration, runs a command's body and closes what it opened, whatever happened.
 * @throws {OnboardError} E_CONFIG before anything is opened, and whatever the body throws.
 */
export async function withContext(
  io: Io,
  wants: Wants,
  body: (context: Context) => Promise<number>,
): Promise<number> {
  const readFile = (path: string) => readFileSync(path, 'utf8');
  const env = { ...io.env, ...defined(wants.overrides ?? {}) };
  const config = loadConfig({ env, readFile, needs: wants.needs });
  const logger = createLogger({
    level: config.logLevel ?? wants.logLevel,
    destination: io.log ?? (io.stderr.isTTY ? await readableLines() : undefined),
    secrets: [config.apiKey(), config.notifyUrl() ?? '', config.notifySecret() ?? ''],
  });
  const closers = new Closers(io.timings);
  const over = new AbortController();
  let deadlineMs = config.requestTimeoutMs + io.timings.drainMarginMs;
  const { fail, failure } = failing();
  try {
    const context = { io, config, logger, closers, fail };
    return await Promise.race([body(context), failure, stuck(context, over.signal)]);
  } catch (error) {
    const explained = explainLost(error);
    if (explained !== error || (await hasFailed(failure))) deadlineMs = io.timings.failedCloseMs;
    throw explained;
  } finally {
    over.abort();
    await closers.closeAll({ deadlineMs, logger });
  }
}

/**
 * Rejects when an interrupted command still waits for a Redis that is gone, while it starts its
 * workers or drains before its report.
 */
async function stuck({ io, closers }: Context, over: AbortSignal): Promise<never> {
  await untilInterrupted(io);
  await closers.silence(over);
  throw new OnboardError('E_REDIS_UNREACHABLE', 'Redis went away: stopped without it');
}

function failing(): { fail: (error: OnboardError) => void; failure: Promise<never> } {
  let fail: (error: OnboardError) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failure.catch(() => undefined);
  return { fail, failure };
}

/** Whether the promise is rejected by now. */
function hasFailed(failure: Promise<never>): Promise<boolean> {
  return Promise.race([failure, Promise.resolve(false)]).catch(() => true);
}

/** Who runs this command, for the action log. */
export function actorOf({ io, config }: Context): Actor {
  return readActor({ name: config.actor, sudoUser: io.env.SUDO_USER });
}

/** Resolves when the process is interrupted. */
export function untilInterrupted(io: Io): Promise<void> {
  return new Promise((resolve) => {
    if (io.interrupt.aborted) return resolve();
    io.interrupt.addEventListener('abort', () => resolve(), { once: true });
  });
}
