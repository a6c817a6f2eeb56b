import type { Writable } from 'node:stream';
import type { Check } from '../../preflight/check-result.ts';
import type { OnRejected } from '../../preflight/make-plan.ts';
import { jsonText } from '../../printable.ts';
import { type BatchPlan, nextText, planText, rowLine } from './plan-text.ts';
import { checksText } from './preflight.ts';

interface PlanPrinter {
  row: OnRejected;
  end(plan: BatchPlan, checks: readonly Check[]): Promise<void>;
}

export function textPrinter(stream: Writable): PlanPrinter {
  return {
    row: (row) => put(stream, rowLine(row)),
    end: (plan, checks) => {
      const shown = checks.filter(({ level }) => level !== 'ok');
      const remarks = shown.length === 0 ? '' : checksText(shown);
      return put(stream, `${planText(plan)}${remarks}${nextText(plan)}`);
    },
  };
}

/** One JSON object; its rows are written as they are found, each on a line of its own. */
export function jsonPrinter(stream: Writable): PlanPrinter {
  let before = '{"rows":[\n';
  return {
    row: async (row) => {
      await put(stream, `${before}${jsonText(row)}`);
      before = ',\n';
    },
    end: (plan, checks) => {
      const opening = before === ',\n' ? '\n' : before;
      const rest = jsonText({ ...plan, checks }).slice(1);
      return put(stream, `${opening}],${rest}\n`);
    },
  };
}

/** A slow reader must not fill the memory. */
function put(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
