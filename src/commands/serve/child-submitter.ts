import { createInterface } from 'node:readline';
import { INTERRUPTED } from '../../console/uploads/plan-faults.ts';
import type { PlanFailure } from '../../console/uploads/plan-record.ts';
import type { Submitter } from '../../console/uploads/submitter.ts';
import { acceptedName } from '../../process/actor.ts';
import { exit } from '../io.ts';
import { readPlan } from './read-plan.ts';
import type { Child, StartChild } from './start-child.ts';
import { submissionArgs } from './submission-args.ts';

/** Characters of a child's errors that are read: a list of faults has hundreds. */
const MOST_WORDS = 20_000;

const ERROR = /^(E_[A-Z_]+): (.*)$/;

/** Plans and submits by the command line, in a process of its own (decision 26). */
export function childSubmitter(start: StartChild): Submitter {
  return {
    async plan(upload, { rejected, onProgress, signal }) {
      const flags = ['--dry-run', ...(upload.options.lookup ? ['--lookup'] : [])];
      const child = start(submissionArgs(upload, flags), { signal });
      const reading = readPlan(child.stdout, rejected);
      reading.catch(() => child.stop());
      const [said] = await Promise.all([wordsOf(child, onProgress), child.ended]);
      const { summary, rejections, headers } = await reading;
      // A fault of the checks still has a plan, and its page shows the remedy.
      if (summary !== undefined) return { summary, rejections };
      const failure = failureIn(said);
      return { failure: headers === undefined ? failure : { ...failure, headers } };
    },

    async submit(upload, { plan, by, signal }) {
      const flags = [`--plan=${plan}`, `--via=console/${by.role}`];
      const env = { ONBOARD_ACTOR: acceptedName(by.name) };
      const child = start(submissionArgs(upload, flags), { env, signal });
      child.stdout.resume();
      const [said, status] = await Promise.all([wordsOf(child), child.ended]);
      if (status === exit.ok) return {};
      if (status === exit.interrupted) return { failure: INTERRUPTED };
      return { failure: failureIn(said) };
    },
  };
}

/** The last error that a child reports, with the lines below it, and its progress. */
async function wordsOf(
  { stderr }: Child,
  onProgress?: (rows: number, all: number) => void,
): Promise<string[]> {
  let lines: string[] = [];
  let length = 0;
  for await (const line of createInterface({ input: stderr })) {
    const [, rows, all] = /^(\d+) of (\d+) rows$/.exec(line) ?? [];
    if (rows !== undefined) onProgress?.(Number(rows), Number(all));
    else if (ERROR.test(line)) {
      lines = [line];
      length = line.length;
    } else if (lines.length > 0 && length < MOST_WORDS) {
      lines.push(line);
      length += line.length;
    }
  }
  return lines;
}

/** The error that ended a child: the line with its code, and the lines below. */
function failureIn([first = '', ...more]: readonly string[]): PlanFailure {
  const [, code, text = ''] = ERROR.exec(first) ?? [];
  if (code === undefined) {
    return { code: 'E_INTERNAL', message: 'the command ended without an error: try again' };
  }
  return { code, message: [text, ...more].join('\n').slice(0, MOST_WORDS) };
}
