import { readBatchView } from '../../overview/batch-view.ts';
import { readDeliveryCounts } from '../../overview/delivery-counts.ts';
import { readStanding } from '../../overview/standing.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { answerPage } from '../pages/answer-page.tsx';
import { PrintPage } from '../pages/print-page.tsx';
import { SystemPage } from '../pages/system-page.tsx';
import type { ConsoleContext, Route } from '../route.ts';

/** The installation, the engine behind it, and the record of a batch. */
export function systemRoutes(deps: ConsoleDeps): Route[] {
  const raw = (c: ConsoleContext) => deps.rawQueues.fetch(c.req.raw);
  const print = '/batches/:id/print';
  return [
    { method: 'GET', path: '/system', needs: 'read', handle: (c) => showSystem(deps, c) },
    { method: 'GET', path: print, needs: 'read', handle: (c) => showRecord(deps, c) },
    { method: 'GET', path: '/queues/raw', needs: 'raw-queues', handle: raw },
    { method: 'GET', path: '/queues/raw/*', needs: 'raw-queues', handle: raw },
  ];
}

async function showSystem(deps: ConsoleDeps, c: ConsoleContext) {
  const { system, readable, now } = deps;
  const [checks, standing, deliveries] = await Promise.all([
    system.check?.(),
    readStanding(readable, now()),
    readDeliveryCounts(readable),
  ]);
  const { role } = c.get('viewer');
  const body = <SystemPage {...{ system, checks, deliveries, role }} />;
  return answerPage(deps, c, { title: 'System', nav: '/system', standing, body });
}

async function showRecord(deps: ConsoleDeps, c: ConsoleContext) {
  const { readable, now } = deps;
  const batch = c.req.param('id') ?? '';
  const view = await readBatchView(readable, batch, now());
  const portal = new URL(view.options.portal).host;
  const body = <PrintPage view={view} portal={portal} name={c.get('viewer').name} />;
  const { standing } = view;
  return answerPage(deps, c, { title: `Record of ${batch}`, nav: '/batches', standing, body });
}
