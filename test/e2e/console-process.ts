import type { RunningProcess } from '../support/processes.ts';
import type { Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

/** The built console as a process, with what a browser of its operator does. */
export interface ConsoleProcess {
  running: RunningProcess;
  url: string;
  cookie: string;
  page(path: string): Promise<string>;
  post(path: string, fields: Readonly<Record<string, string>>): Promise<Response>;
  /** Uploads a list; returns the answer, whose location is the plan. */
  upload(list: string, fields?: Readonly<Record<string, string>>): Promise<Response>;
  /** Waits for the words on the page of a plan. */
  until(plan: string, words: RegExp): Promise<string>;
  /** Approves a plan; the answer may take 5 s. */
  approve(plan: string): Promise<Response>;
}

/** Starts a console of the stage and signs in as an admin with the printed code. */
export async function startConsole(stage: Stage): Promise<ConsoleProcess> {
  const running = stage.process.start(['console', '--role', 'admin'], {
    env: { CONSOLE_PORT: '0', LOG_LEVEL: 'error' },
  });
  const found = await waitFor(() => /sign in: (\S+)\/sign-in#(\S+)/.exec(running.stdout));
  const [, url = '', code = ''] = found;
  const headers = { origin: url };
  const send = (path: string, body: FormData | URLSearchParams, more = {}) =>
    fetch(url + path, {
      method: 'POST',
      body,
      headers: { ...headers, ...more },
      redirect: 'manual',
    });
  const signedIn = await send('/sign-in', new URLSearchParams({ code }));
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = async (path: string) => (await fetch(url + path, { headers: { cookie } })).text();
  const hidden = async (path: string, name: string) =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(await page(path))?.[1] ?? '';
  const post: ConsoleProcess['post'] = async (path, fields) => {
    const token = await hidden('/submit', 'token');
    return send(path, new URLSearchParams({ token, ...fields }), { cookie });
  };
  const upload: ConsoleProcess['upload'] = async (list, fields = {}) => {
    const form = new FormData();
    form.append('token', await hidden('/submit', 'token'));
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('files', new Blob([list]), 'people.csv');
    return send('/submit', form, { cookie });
  };
  const until: ConsoleProcess['until'] = (plan, words) =>
    waitFor(
      async () => {
        const text = await page(plan);
        return words.test(text) ? text : undefined;
      },
      { what: `${words}` },
    );
  const approve: ConsoleProcess['approve'] = async (plan) =>
    post(`${plan}/approve`, { plan: await hidden(`${plan}/approve`, 'plan') });
  return { running, url, cookie, page, post, upload, until, approve };
}

/** Uploads a list under the name of a batch and waits for its plan; returns its address. */
export async function planned(
  console: ConsoleProcess,
  list: string,
  batch: string,
): Promise<string> {
  const answer = await console.upload(list, { batch });
  const plan = answer.headers.get('location') ?? '';
  await console.until(plan, /Waits for approval/);
  return plan;
}
