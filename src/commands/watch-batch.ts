import type { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { OnboardError } from '../errors.ts';
import type { Timings } from '../timings.ts';
import { type Context, withContext } from './context.ts';
import { exit, type Io } from './io.ts';
import { checkBatch } from './known-batch.ts';
import { openLedgerStore } from './open-ledger.ts';
import { type Overview, overviewFields, readOverview } from './overview.ts';
import { bar, progressText } from './progress.ts';
import { overviewText } from './render-overview.ts';
import { createScreen } from './screen.ts';
import { isOver } from './watch.ts';

/** With these, the whole overview fits on a terminal of 24 lines. */
const MOST_CAUSES = 5;

const stillOn = 'the batch goes on without this terminal: onboard watch shows it again\n';
const nobodyWorks = 'nothing works this batch: the same onboard run goes on with it\n';

interface WatchFlags {
  json?: boolean;
}

/**
 * `onboard watch BATCH`: shows a batch until it is over, through holds and gates, which another
 * terminal can lift. Changes nothing, so any number of terminals may watch. Returns 0 when it is over
 * and nobody failed, 3 when somebody did, 130 when the watching ended before.
 */
export async function watchCommand(io: Io, batch: string, flags: WatchFlags): Promise<number> {
  const place = { isPrivate: false };
  for (;;) {
    try {
      return await withContext(io, { needs: [], logLevel: 'warn' }, (context) => {
        place.isPrivate = context.config.redisUrl === undefined;
        return watchBatch(context, batch, flags);
      });
    } catch (error) {
      // A private Redis goes with the `run` that has it; opened again, it tells how that ended.
      const isLost = error instanceof OnboardError && error.code === 'E_REDIS_UNREACHABLE';
      if (!isLost || !place.isPrivate || io.interrupt.aborted) throw error;
    }
  }
}

async function watchBatch(context: Context, batch: string, flags: WatchFlags): Promise<number> {
  const { io } = context;
  const store = await openLedgerStore(context, 'guest');
  await checkBatch(store.ledger, batch);
  const live = flags.json ? undefined : createLive(io);
  let overview = await readOverview(store, batch, Date.now());
  live?.show(overview);
  // Whoever starts the private Redis keeps `run` out of it, and watches nothing.
  while (!isOver(overview.report) && !io.interrupt.aborted && !store.hostsRedis) {
    await pause(io.timings.watchPollMs, undefined, { signal: io.interrupt }).catch(() => undefined);
    overview = await readOverview(store, batch, Date.now());
    live?.show(overview);
  }
  live?.end(overview);
  if (flags.json) io.stdout.write(`${JSON.stringify(overviewFields(overview))}\n`);
  if (isOver(overview.report)) return overview.report.failed > 0 ? exit.someFailed : exit.ok;
  io.stderr.write(io.interrupt.aborted ? stillOn : nobodyWorks);
  return exit.interrupted;
}

interface Live {
  show(overview: Overview): void;
  end(overview: Overview): void;
}

/** The whole overview again and again on a terminal; elsewhere lines, and the overview at the end. */
function createLive({ stdout: stream, timings }: Io): Live {
  if (!stream.isTTY) return createLines(stream, timings);
  const screen = createScreen(stream);
  const show = (overview: Overview) => {
    const text = overviewText(overview, { mostCauses: MOST_CAUSES });
    screen.draw(`${bar(overview.report)}\n${text}`);
  };
  return { show, end: () => undefined };
}

/** A line every 5 s, of what stands still every minute, and at once when something else is the matter. */
function createLines(stream: Writable, timings: Timings): Live {
  let last = { at: 0, matter: '' };
  return {
    show(overview) {
      const { report, waits, now } = overview;
      const matter = [report.state, report.hold, report.gate?.code, waits[0]?.code].join();
      const isStill = report.state === 'waiting' || (report.gate ?? report.hold) !== null;
      const everyMs = isStill ? timings.stillLineMs : timings.plainLineMs;
      if (isOver(report) || (matter === last.matter && now - last.at < everyMs)) return;
      last = { at: now, matter };
      stream.write(`${lineOf(overview)}\n`);
    },
    end: (overview) => void stream.write(overviewText(overview)),
  };
}

function lineOf(overview: Overview): string {
  const { report, waits } = overview;
  if (report.state === 'waiting')
    return `waiting: ${report.pending} people wait for onboard continue`;
  if (report.gate !== null) return `the invite waits: ${report.gate.code}`;
  return progressText(
    { ...overview, waits: waits.map(({ text }) => text) },
    overview.ratePerSecond,
  );
}
