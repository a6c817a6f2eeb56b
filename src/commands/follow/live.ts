import { createLogUpdate } from 'log-update';
import { counted } from '../../count.ts';
import { gateText } from '../../gates.ts';
import { isOver } from '../../ledger/batch/batch-state.ts';
import type { Report } from '../../ledger/batch/numbers.ts';
import { waitCode } from '../../overview/current-waits.ts';
import type { Overview } from '../../overview/overview.ts';
import type { Timings } from '../../timings.ts';
import { zonedTime } from '../../zoned-time.ts';
import type { Io } from '../io.ts';
import { overviewText, rateText } from '../text/overview-text.ts';
import { waitText } from '../text/stop-text.ts';

const BAR_WIDTH = 24;

/** Groups of failures on a terminal: with these, the overview fits on 24 lines. */
const MOST_CAUSES = 5;

export interface Live {
  show(overview: Overview): void;
  /** Ends the view: `keep` leaves the last block on a terminal, `clear` removes it. */
  end(how: 'keep' | 'clear'): void;
}

/** A block that is drawn over itself on a terminal; elsewhere lines. */
export function createLive(stream: Io['stdout'], timings: Timings): Live {
  return stream.isTTY ? createBlock(stream) : createLines(stream, timings);
}

function createBlock(stream: Io['stdout']): Live {
  const update = createLogUpdate(stream, { showCursor: true });
  return {
    show: (overview) => {
      const text = overviewText(overview, { mostCauses: MOST_CAUSES });
      update(`${bar(overview.report)}\n${text.trimEnd()}`);
    },
    end: (how) => (how === 'keep' ? update.done() : update.clear()),
  };
}

/** One line every 5 s, every minute while idle, and at once when the status changes. */
function createLines(stream: Io['stdout'], { plainLineMs, stillLineMs }: Timings): Live {
  let last = { at: Number.NEGATIVE_INFINITY, status: '' };
  return {
    show(overview) {
      const { report, waits, now } = overview;
      const [wait] = waits;
      const status = [report.state, report.hold, report.gate?.code, wait && waitCode(wait)].join();
      const isIdle = report.state === 'waiting' || (report.gate ?? report.hold) !== null;
      const everyMs = isIdle ? stillLineMs : plainLineMs;
      if (isOver(report) || (status === last.status && now - last.at < everyMs)) return;
      last = { at: now, status };
      stream.write(`${liveLine(overview)}\n`);
    },
    end: () => undefined,
  };
}

/** Where a batch stands, in one line. */
export function liveLine(overview: Overview): string {
  const { report, waits, now } = overview;
  if (report.state === 'waiting') {
    return `${counted(report.pending, 'person is', 'people are')} held back for onboard continue`;
  }
  if (report.gate !== null) {
    const { code, until } = report.gate;
    return gateText(code) + (until === null ? '' : ` (${zonedTime(until)})`);
  }
  if (report.hold !== null) return `held: ${report.hold}`;
  if (report.state === 'intake') return `reading: ${counted(report.total, 'row', 'rows')}`;
  const done = `${settled(report)} of ${report.accepted}`;
  const [wait] = waits;
  if (wait !== undefined) return `${done}, waiting: ${waitText(wait, now)}`;
  if (report.state === 'inviting') {
    return `inviting ${counted(report.created - report.invited, 'person', 'people')}`;
  }
  const counts = `created ${report.created}, existing ${report.existing}, failed ${report.failed}`;
  const rate = rateText(overview);
  return `${done} (${counts})${rate === '' ? '' : `, ${rate}`}`;
}

export function bar(report: Report): string {
  const share = report.accepted === 0 ? 0 : settled(report) / report.accepted;
  const filled = Math.round(share * BAR_WIDTH);
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]${percent}`;
}

function settled({ accepted, pending }: Report): number {
  return accepted - pending;
}
