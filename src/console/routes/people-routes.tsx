import { findPerson } from '../../actions/find-person.ts';
import { MINUTE_MS } from '../../durations.ts';
import { OnboardError } from '../../errors.ts';
import { readStanding } from '../../overview/standing.ts';
import { type Allowance, createAllowance } from '../auth/allowance.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { answerPage } from '../pages/answer-page.tsx';
import { answerError } from '../pages/error-pages.tsx';
import { type FoundRow, PeoplePage } from '../pages/people-page.tsx';
import type { ConsoleContext, Route } from '../route.ts';
import { noteFound } from './note-reading.ts';

/** Searches of one viewer a minute: enough for a person, too few to try out a list of addresses. */
const MOST_A_MINUTE = 20;

/** Rows of one person that are shown. */
const MOST_ROWS = 200;

/** The search for a person. The address is sent by POST, so that it is in no address and no log. */
export function peopleRoutes(deps: ConsoleDeps): Route[] {
  const allowance = createAllowance(MOST_A_MINUTE, MINUTE_MS, deps.now);
  return [
    { method: 'GET', path: '/people', needs: 'read', handle: (c) => showForm(deps, c) },
    {
      method: 'POST',
      path: '/people',
      needs: 'read',
      handle: (c) => showPerson(deps, c, allowance),
    },
  ];
}

async function showForm(deps: ConsoleDeps, c: ConsoleContext) {
  return answerPeople(deps, c, {});
}

async function showPerson(deps: ConsoleDeps, c: ConsoleContext, allowance: Allowance) {
  const viewer = c.get('viewer');
  if (!allowance.take(viewer.name)) {
    return answerError(deps, c, {
      status: 429,
      title: 'Too many searches',
      text: `At most ${MOST_A_MINUTE} people are found a minute. Wait a minute, then search again.`,
    });
  }
  const { email } = await c.req.parseBody();
  const damaged: string[] = [];
  const rows = await rowsOf(deps, String(email ?? '').trim(), damaged);
  await noteFound(deps, viewer);
  return answerPeople(deps, c, { rows, damaged });
}

/** The rows of a person; none for an address that no stored batch has. */
async function rowsOf(
  { readable }: ConsoleDeps,
  email: string,
  damaged: string[],
): Promise<FoundRow[]> {
  const rows: FoundRow[] = [];
  try {
    const onDamaged = (batch: string) => damaged.push(batch);
    for await (const row of await findPerson(readable.ledger, { email, onDamaged })) {
      rows.push(row);
      if (rows.length === MOST_ROWS) break;
    }
  } catch (error) {
    if (!(error instanceof OnboardError) || error.code !== 'E_PERSON_UNKNOWN') throw error;
  }
  return rows;
}

interface Found {
  rows?: readonly FoundRow[];
  damaged?: readonly string[];
}

async function answerPeople(deps: ConsoleDeps, c: ConsoleContext, found: Found) {
  const now = deps.now();
  const standing = await readStanding(deps.readable, now);
  const body = <PeoplePage viewer={c.get('viewer')} now={now} {...found} />;
  return answerPage(deps, c, { title: 'Find a person', nav: '/people', standing, body });
}
