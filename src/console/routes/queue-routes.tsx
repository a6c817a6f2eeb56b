import { pauseWorkers, resumeWorkers } from '../../actions/pause-queues.ts';
import { readStanding } from '../../overview/standing.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { answerPage } from '../pages/answer-page.tsx';
import { Confirm } from '../pages/parts/confirm.tsx';
import { waiting } from '../pages/parts/words.ts';
import type { ConsoleContext, Route } from '../route.ts';

/** Pause and resume: both concern every batch. */
export function queueRoutes(deps: ConsoleDeps): Route[] {
  const needs = 'change';
  return [
    { method: 'GET', path: '/pause', needs, handle: (c) => confirmPause(deps, c) },
    { method: 'POST', path: '/pause', needs, handle: (c) => pauseNow(deps, c) },
    { method: 'GET', path: '/resume', needs, handle: (c) => confirmResume(deps, c) },
    { method: 'POST', path: '/resume', needs, handle: (c) => resumeNow(deps, c) },
  ];
}

async function confirmPause(deps: ConsoleDeps, c: ConsoleContext) {
  const standing = await readStanding(deps.readable, deps.now());
  const title = 'Pause all work?';
  const body = (
    <Confirm title={title} action="/pause" button="Pause" viewer={c.get('viewer')} back="/">
      <p>
        Every batch of this installation stops: {waiting(standing.work.backlog)} until somebody
        resumes. Requests that are under way are finished. Nobody is lost.
      </p>
    </Confirm>
  );
  return answerPage(deps, c, { title, standing, body });
}

async function pauseNow(deps: ConsoleDeps, c: ConsoleContext) {
  const { producer, by } = deps.actingOf(c.get('viewer'));
  await pauseWorkers(producer, by);
  return c.redirect('/', 303);
}

async function confirmResume(deps: ConsoleDeps, c: ConsoleContext) {
  const standing = await readStanding(deps.readable, deps.now());
  const { hold, waits, work } = standing;
  const title =
    hold === undefined && waits.length > 0 ? 'Ask the portal again now?' : 'Resume all work?';
  const body = (
    <Confirm title={title} action="/resume" button="Resume" viewer={c.get('viewer')} back="/">
      {hold === undefined && waits.length === 0 ? (
        <p>Nothing is held or paused, and no wait is in force: nothing would change.</p>
      ) : (
        <p>
          {waiting(work.backlog)}. Work begins again at once
          {hold === undefined || hold.code === 'paused'
            ? '.'
            : '; if the reason still holds, everything is held again and nobody is lost.'}
        </p>
      )}
    </Confirm>
  );
  return answerPage(deps, c, { title, standing, body });
}

async function resumeNow(deps: ConsoleDeps, c: ConsoleContext) {
  const { producer, by } = deps.actingOf(c.get('viewer'));
  await resumeWorkers(producer, by);
  return c.redirect('/', 303);
}
