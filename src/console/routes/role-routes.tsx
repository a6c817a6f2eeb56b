import { setRoles } from '../../actions/set-roles.ts';
import { OnboardError } from '../../errors.ts';
import { readStanding } from '../../overview/standing.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { answerPage } from '../pages/answer-page.tsx';
import { RolesPage } from '../pages/roles-page.tsx';
import type { ConsoleContext, Route } from '../route.ts';

/** Gives accounts the role that was asked for them, after a page with who has which. */
export function roleRoutes(deps: ConsoleDeps): Route[] {
  const path = '/batches/:id/set-roles';
  const needs = 'set-roles';
  return [
    { method: 'GET', path, needs, handle: (c) => work(deps, c, true) },
    { method: 'POST', path, needs, handle: (c) => work(deps, c, false) },
  ];
}

async function work(deps: ConsoleDeps, c: ConsoleContext, dryRun: boolean) {
  const { rolePortal: portal, readable, now } = deps;
  if (portal === undefined) {
    const text =
      'setting roles needs the portal: start the console with DOCSPACE_URL and DOCSPACE_API_KEY';
    throw new OnboardError('E_REFUSED', text);
  }
  const batch = c.req.param('id') ?? '';
  const viewer = c.get('viewer');
  const roles = await setRoles(deps.actingOf(viewer), batch, { portal, dryRun });
  const standing = await readStanding(readable, now());
  const body = <RolesPage {...{ batch, roles, viewer, isDone: !dryRun }} />;
  return answerPage(deps, c, { title: `Roles of ${batch}`, nav: '/batches', standing, body });
}
