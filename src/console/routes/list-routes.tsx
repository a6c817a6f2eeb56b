import { batchFilters, readBatchPage } from '../../overview/batch-pages.ts';
import { readJob, readQueueFacts } from '../../overview/queue-facts.ts';
import { readStanding } from '../../overview/standing.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { answerPage } from '../pages/answer-page.tsx';
import { BatchesPage } from '../pages/batches-page.tsx';
import { HelpPage } from '../pages/help-page.tsx';
import { QueuesPage } from '../pages/queues-page.tsx';
import type { ConsoleContext, Route } from '../route.ts';

/** Lists that are not about one batch. */
export function listRoutes(deps: ConsoleDeps): Route[] {
  return [
    { method: 'GET', path: '/batches', needs: 'read', handle: (c) => showBatches(deps, c) },
    { method: 'GET', path: '/queues', needs: 'read', handle: (c) => showQueues(deps, c) },
    { method: 'GET', path: '/help', needs: 'read', handle: (c) => showHelp(deps, c) },
  ];
}

async function showBatches(deps: ConsoleDeps, c: ConsoleContext) {
  const { readable } = deps;
  const now = deps.now();
  const state = batchFilters.find((name) => name === c.req.query('state'));
  const prefix = c.req.query('prefix') ?? '';
  const after = c.req.query('after');
  const [page, standing] = await Promise.all([
    readBatchPage(readable.ledger, { state, prefix, after, now }),
    readStanding(readable, now),
  ]);
  const body = <BatchesPage page={page} state={state} prefix={prefix} now={now} />;
  return answerPage(deps, c, {
    title: 'Batches',
    nav: '/batches',
    standing,
    body,
  });
}

async function showQueues(deps: ConsoleDeps, c: ConsoleContext) {
  const { readable } = deps;
  const now = deps.now();
  const id = c.req.query('job') ?? '';
  const [facts, standing, job] = await Promise.all([
    readQueueFacts(readable),
    readStanding(readable, now),
    id === '' ? undefined : readJob(readable, c.req.query('queue') ?? '', id),
  ]);
  const found = id === '' ? undefined : (job ?? null);
  const body = <QueuesPage facts={facts} job={found} role={c.get('viewer').role} now={now} />;
  return answerPage(deps, c, { title: 'Queues', nav: '/queues', standing, readAt: now, body });
}

async function showHelp(deps: ConsoleDeps, c: ConsoleContext) {
  const standing = await readStanding(deps.readable, deps.now());
  return answerPage(deps, c, { title: 'Help', nav: '/help', standing, body: <HelpPage /> });
}
