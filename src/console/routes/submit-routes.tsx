import { Readable } from 'node:stream';
import type { StatusCode } from 'hono/utils/http-status';
import { readStanding } from '../../overview/standing.ts';
import { giveTime } from '../../web/request-time.ts';
import { isSame } from '../auth/same-origin.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { answerPage } from '../pages/answer-page.tsx';
import { answerError, answerForeign } from '../pages/error-pages.tsx';
import { ClosedPage, SubmitPage } from '../pages/submit-page.tsx';
import type { ConsoleContext, Route } from '../route.ts';
import { optionsIn } from './submit-form.ts';

/** A list to fill in. Its example is rejected where somebody leaves it in: it has no address. */
const TEMPLATE = [
  'email,first_name,last_name,type,language,group',
  'replace this line,Ana,Lee,User,en-US,Sales',
  '',
].join('\r\n');

/** Slowest upload that is received: 0.5 Mbit/s, where 200 MiB take 53 minutes. */
const BYTES_PER_MS = 64;
const LEAST_MS = 300_000;

/** The way from a list to its plan. */
export function submitRoutes(deps: ConsoleDeps): Route[] {
  const needs = 'plan';
  return [
    { method: 'GET', path: '/submit', needs, handle: (c) => showForm(deps, c) },
    {
      method: 'POST',
      path: '/submit',
      needs,
      takesFiles: true,
      handle: (c) => receiveList(deps, c),
    },
    { method: 'GET', path: '/submit/template.csv', needs, handle: sendTemplate },
  ];
}

async function showForm(deps: ConsoleDeps, c: ConsoleContext, status: StatusCode = 200) {
  const { uploads, portal, readable, now } = deps;
  const standing = await readStanding(readable, now());
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const body =
    uploads === undefined || uploads.closed !== undefined ? (
      <ClosedPage why={uploads?.closed ?? 'This console takes no lists.'} />
    ) : (
      <SubmitPage {...{ uploads, zone, portal }} viewer={c.get('viewer')} />
    );
  return answerPage(deps, c, { title: 'Start a batch', nav: '/submit', standing, body }, status);
}

async function receiveList(deps: ConsoleDeps, c: ConsoleContext): Promise<Response> {
  const { uploads } = deps;
  const contentType = c.req.header('content-type') ?? '';
  const { body } = c.req.raw;
  if (uploads === undefined || uploads.closed !== undefined) return showForm(deps, c, 503);
  if (!contentType.startsWith('multipart/form-data') || body === null) {
    const text = 'Choose a file, then send the form of this page.';
    return answerError(deps, c, { status: 400, title: 'No file was sent', text });
  }
  giveTime(c.env?.incoming, LEAST_MS + uploads.mostBytes / BYTES_PER_MS);
  const { name, role, token } = c.get('viewer');
  const key = await uploads.receive({
    body: Readable.fromWeb(body),
    contentType,
    isOurs: (given) => isSame(given, token),
    by: { name, role },
    optionsOf: optionsIn,
  });
  return key === undefined ? answerForeign(deps, c) : c.redirect(`/plans/${key}`, 303);
}

function sendTemplate(c: ConsoleContext): Response {
  c.header('Content-Type', 'text/csv; charset=utf-8');
  c.header('Content-Disposition', 'attachment; filename="people.csv"');
  return c.body(TEMPLATE);
}
