import type { ConsoleDeps } from '../console-deps.ts';
import { liveRoutes } from '../live/live-page.tsx';
import { batchPage } from '../pages/batch-page.tsx';
import { overviewPage } from '../pages/overview-page.tsx';
import type { Route } from '../route.ts';
import { activityRoutes } from './activity-routes.tsx';
import { approveRoutes } from './approve-routes.tsx';
import { changeRoutes } from './change-routes.tsx';
import { downloadRoutes } from './download-routes.ts';
import { listRoutes } from './list-routes.tsx';
import { peopleRoutes } from './people-routes.tsx';
import { planRoutes } from './plan-routes.tsx';
import { queueRoutes } from './queue-routes.tsx';
import { roleRoutes } from './role-routes.tsx';
import { rowRoutes } from './row-routes.tsx';
import { submitRoutes } from './submit-routes.tsx';
import { systemRoutes } from './system-routes.tsx';

/** Every address of the console, with what each needs. */
export function allRoutes(deps: ConsoleDeps): Route[] {
  return [
    ...deps.auth.routes,
    ...liveRoutes(deps, overviewPage(deps)),
    ...liveRoutes(deps, batchPage(deps)),
    ...listRoutes(deps),
    ...rowRoutes(deps),
    ...queueRoutes(deps),
    ...changeRoutes(deps),
    ...peopleRoutes(deps),
    ...roleRoutes(deps),
    ...systemRoutes(deps),
    ...downloadRoutes(deps),
    ...submitRoutes(deps),
    ...planRoutes(deps),
    ...approveRoutes(deps),
    ...activityRoutes(deps),
  ];
}
