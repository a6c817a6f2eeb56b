// The built console as a process, and what a browser does to it: sign in, upload, approve.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openAsBlob } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { owned } from './children.ts';
import { CLI } from './processes.ts';

export interface Session {
  url: string;
  pid: number;
  /** Text of a page. */
  page(path: string): Promise<string>;
  /** Uploads a list under the name of a batch. Returns the address of its plan. */
  upload(file: string, batch: string): Promise<string>;
  /** Sends the form of the page that asks for an approval. */
  approve(plan: string): Promise<void>;
  /** Waits until the page of a plan has one of these words for its state. Returns the page. */
  until(plan: string, words: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts the built console as an admin of the command line, and signs in with its code. */
export async function openSession(env: Record<string, string>): Promise<Session> {
  const { PATH = '' } = process.env;
  const child = owned(
    spawn(process.execPath, [CLI, 'console', '--role', 'admin'], {
      env: { PATH, CONSOLE_PORT: '0', LOG_LEVEL: 'error', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  const said = await saidUntil(child, /within/);
  const [, url = '', code = ''] = /sign in: (\S+)\/sign-in#(\S+)/.exec(said) ?? [];
  const signIn = await post(`${url}/sign-in`, { origin: url }, new URLSearchParams({ code }));
  const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const headers = { cookie, origin: url };

  async function page(path: string): Promise<string> {
    const answer = await fetch(url + path, { headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${text.slice(0, 2000)}`);
    return text;
  }

  async function upload(file: string, batch: string): Promise<string> {
    const form = new FormData();
    form.append('token', hidden(await page('/submit'), 'token'));
    form.append('batch', batch);
    form.append('files', await openAsBlob(file), 'people.csv');
    return location(await post(`${url}/submit`, headers, form));
  }

  async function approve(plan: string): Promise<void> {
    const text = await page(`${plan}/approve`);
    const body = new URLSearchParams({ token: hidden(text, 'token'), plan: hidden(text, 'plan') });
    await location(await post(`${url}${plan}/approve`, headers, body));
  }

  async function until(plan: string, words: RegExp): Promise<string> {
    for (;;) {
      const text = await page(plan);
      if (words.test(text)) return text;
      if (/cannot be planned|Nothing (more )?was submitted/.test(text)) throw new Error(text);
      await pause(500);
    }
  }

  const kill = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return { url, pid: child.pid ?? 0, page, upload, approve, until, kill };
}

async function saidUntil(child: ChildProcess, words: RegExp): Promise<string> {
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    said += piece;
  });
  while (!words.test(said) && child.exitCode === null) await pause(20);
  return said;
}

function post(
  url: string,
  headers: Record<string, string>,
  body: FormData | URLSearchParams,
): Promise<Response> {
  return fetch(url, { method: 'POST', body, headers, redirect: 'manual' });
}

async function location(answer: Response): Promise<string> {
  if (answer.status === 303) return answer.headers.get('location') ?? '';
  throw new Error(`the console answers ${answer.status}: ${await answer.text()}`);
}

/** Value of a hidden field of a page. */
function hidden(html: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
}
