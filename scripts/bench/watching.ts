// The portal of a measurement and the processes that work on it, watched from outside.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { owned } from './children.ts';

const TICKS_PER_SECOND = 100;
const SAMPLE_MS = 50;

/** Work of one measurement. */
export interface Load {
  people: number;
  writers: number;
  latencyMs: number;
  /** Worker processes; with `kill`, one of them is killed when a third is done. */
  workers?: number;
  kill?: boolean;
  /** Delay of Redis, ms each way. */
  redisDelayMs?: number;
}

/** Times are ms since the epoch. */
export interface PortalState {
  creations: number[];
  invites: number[];
  /** Refused requests of the measured client. */
  refusals: number[];
  refusedOthers: number;
  mostInFlight: number;
}

export interface StandIn {
  url: string;
  /** Creations so far. */
  count(): Promise<number>;
  state(): Promise<PortalState>;
  stop(): void;
}

export interface Measured {
  /** People a second between a tenth and nine tenths of them. */
  perSecond: number;
  /** CPU of the workers for each person, ms, over the same part. */
  cpuMs: number;
  mostInFlight: number;
  /** When each creation came, s after the first. */
  times: number[];
  killedAt?: number | undefined;
}

export const script = (name: string) => join(import.meta.dirname, name);

/** Starts a server of this folder that reports its address; it ends when it is disconnected. */
export async function forked(
  name: string,
  args: readonly unknown[],
): Promise<[ChildProcess, string]> {
  const child = owned(fork(script(name), args.map(String), { serialization: 'advanced' }));
  const [{ url }] = await once(child, 'message');
  return [child, url];
}

/** Starts the portal; with `perMinute`, it refuses what exceeds that number in any 60 s. */
export async function standIn(latencyMs: number, perMinute = 0): Promise<StandIn> {
  const [child, url] = await forked('stand-in.js', [latencyMs, perMinute]);
  const ask = async (question: 'count' | 'state') => {
    const answer = once(child, 'message');
    child.send(question);
    return (await answer)[0];
  };
  return {
    url,
    count: () => ask('count'),
    state: () => ask('state'),
    stop: () => child.disconnect(),
  };
}

/** CPU of a process so far, ms. */
function cpuOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** Part of the people that ends a run with a kill: those of the killed worker come 30 s later. */
const ENOUGH = 0.95;

/** Watches until everybody is created; a bare client may end before. */
export async function watch(
  portal: StandIn,
  { people, kill }: Load,
  children: readonly ChildProcess[],
): Promise<Measured> {
  const samples: { done: number; cpuMs: number }[] = [];
  let killedAt: number | undefined;
  for (;;) {
    await pause(SAMPLE_MS);
    const done = await portal.count();
    const cpuMs = children.reduce((sum, { pid }) => sum + cpuOf(pid), 0);
    samples.push({ done, cpuMs });
    if (kill && killedAt === undefined && done > people / 3) {
      children[0]?.kill('SIGKILL');
      killedAt = performance.timeOrigin + performance.now();
    }
    if (done >= (kill ? people * ENOUGH : people)) break;
    const failed = children.find(({ exitCode }) => exitCode !== null && exitCode !== 0);
    if (failed) throw new Error(`a process ended with ${failed.exitCode} after ${done} people`);
  }
  const { creations, mostInFlight } = await portal.state();
  const [low, high] = [Math.floor(people * 0.1), Math.floor(people * 0.9)];
  const spanMs = (creations[high] ?? 0) - (creations[low] ?? 0);
  const from = samples.find(({ done }) => done >= low);
  const to = samples.findLast(({ done }) => done <= high) ?? samples.at(-1);
  const cpuMs = ((to?.cpuMs ?? 0) - (from?.cpuMs ?? 0)) / ((to?.done ?? 0) - (from?.done ?? 0));
  const first = creations[0] ?? 0;
  const times = creations.map((at) => (at - first) / 1000);
  const perSecond = ((high - low) * 1000) / spanMs;
  return { perSecond, cpuMs, mostInFlight, times, killedAt: killedAt && (killedAt - first) / 1000 };
}
