import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { noteDeed } from '../../src/actions/note-deed.ts';
import { childSubmitter } from '../../src/commands/serve/child-submitter.ts';
import type { StartChild } from '../../src/commands/serve/start-child.ts';
import type { Role } from '../../src/console/auth/roles.ts';
import type { ConsoleDeps } from '../../src/console/console-deps.ts';
import { Plans } from '../../src/console/uploads/plans.ts';
import { receiver } from '../../src/console/uploads/receive-upload.ts';
import { openSpool } from '../../src/console/uploads/upload-spool.ts';
import type { OpenUploads } from '../../src/console/uploads/uploads.ts';
import { hasBatch } from '../../src/ledger/batch/batches.ts';
import { runCommand } from '../../src/main.ts';
import { type Timings, timings } from '../../src/timings.ts';
import { silent } from '../support/batches.ts';
import { onRelease } from '../support/resources.ts';
import type { Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { consoleOn, TOKEN } from './console-case.ts';
import { textOf } from './console-text.ts';

/**
 * Children that are commands of this process: those of `test/e2e/console-upload.test.ts` are real,
 * and take ten times as long to start.
 */
function inThisProcess(env: Stage['env'], waits: Timings): StartChild {
  return (args, { env: more, signal }) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const controller = new AbortController();
    const io = {
      env: { ...env, ...more },
      stdin: Readable.from([]),
      stdout,
      stderr,
      log: { write: (line: string) => void (stderr.writableEnded || stderr.write(line)) },
      interrupt: AbortSignal.any([signal, controller.signal]),
      timings: waits,
    };
    const ended = runCommand(io, args).finally(() => {
      stdout.end();
      stderr.end();
    });
    return { stdout, stderr, ended, stop: () => controller.abort() };
  };
}

/** Uploads of a stage, planned and submitted by our command line. */
export function uploadsOn(
  stage: Stage,
  change: Partial<OpenUploads> = {},
  waits: Partial<Timings> = {},
) {
  const root = mkdtempSync(join(tmpdir(), 'onboard-uploads-'));
  const spool = openSpool(root);
  const start = inThisProcess(stage.env, { ...timings, ...waits });
  const submitter = childSubmitter(start);
  const note: ConstructorParameters<typeof Plans>[0]['note'] = (action, { name }, { summary }) => {
    const by = { name, user: 'test', host: 'test', pid: 1, via: 'console' };
    return noteDeed(stage.ledger, { action, by, batch: summary?.batch.id });
  };
  const isStored = (batch: string) => hasBatch(stage.ledger, batch);
  const plans = new Plans({ spool, submitter, note, isStored, logger: silent, now: Date.now });
  onRelease(async () => {
    await plans.close();
    await rm(root, { recursive: true });
  });
  const mostBytes = 1_048_576;
  const uploads: OpenUploads = {
    plans,
    receive: receiver({ spool, plans, mostBytes }),
    rejectedOf: spool.rejectedOf,
    mostBytes,
    approval: 'any',
    canNotify: false,
    hasKey: true,
    ...change,
  };
  return { root, spool, uploads };
}

/** A console that takes lists, with what a browser does to it. */
export function uploadingConsole(
  stage: Stage,
  { role = 'operator', ...change }: { role?: Role } & Partial<ConsoleDeps> = {},
) {
  const opened = uploadsOn(stage);
  const served = consoleOn(stage, role, { uploads: opened.uploads, ...change });
  const { app } = served;

  /** Sends a list; returns the answer. */
  async function upload(
    files: Readonly<Record<string, string | Buffer>>,
    fields: Record<string, string> = {},
    token = TOKEN,
  ) {
    const form = new FormData();
    form.append('token', token);
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    for (const [name, text] of Object.entries(files)) form.append('files', new Blob([text]), name);
    const headers = { origin: 'http://localhost', host: 'localhost' };
    const response = await app.request('/submit', { method: 'POST', body: form, headers });
    const location = response.headers.get('location') ?? '';
    return { status: response.status, location, text: textOf(await response.text()) };
  }

  /** The page of a plan once nothing works on it. */
  async function settled(path: string): Promise<string> {
    const key = path.split('/').at(-1) ?? '';
    await waitFor(
      async () => {
        const { state } = await opened.uploads.plans.find(key);
        return state !== 'planning' && state !== 'submitting';
      },
      { what: 'a plan' },
    );
    return (await app.request(path)).text();
  }

  /** Uploads a list and waits for its plan. Returns the address, and the page as HTML and as text. */
  async function plan(...given: Parameters<typeof upload>) {
    const { location } = await upload(...given);
    const html = await settled(location);
    return { location, html, text: textOf(html) };
  }

  return { ...served, ...opened, upload, plan, settled };
}

/** The values that the form of a page sends back. */
export async function formOf(
  { app }: Pick<ReturnType<typeof consoleOn>, 'app'>,
  path: string,
): Promise<Record<string, string>> {
  const html = await (await app.request(path)).text();
  const hidden = html.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g);
  return Object.fromEntries([...hidden].map(([, name = '', value = '']) => [name, value]));
}
