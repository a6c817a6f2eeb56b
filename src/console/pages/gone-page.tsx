import { readGone } from '../../overview/gone-batch.ts';
import { actorName } from '../../process/actor.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { ConsoleContext } from '../route.ts';
import { answerPage } from './answer-page.tsx';
import { Time } from './parts/time.tsx';

/** The page of a batch that is not stored: 410 with the entry of the log when it was purged, else 404. */
export async function answerGone(
  deps: ConsoleDeps,
  c: ConsoleContext,
  id: string,
): Promise<Response> {
  const { purge, near } = await readGone(deps.readable, id);
  const title = purge === undefined ? 'There is no such batch' : 'This batch was purged';
  const body = (
    <>
      <h1>{title}</h1>
      <section class="card">
        {purge === undefined ? null : (
          <p>
            <bdi>{actorName(purge.by)}</bdi> purged <bdi>{id}</bdi> at{' '}
            <Time at={purge.at} now={deps.now()} />. Its accounts stay on the portal; its numbers
            are no longer kept.
          </p>
        )}
        {near.length === 0 ? null : (
          <p>
            Names like it:{' '}
            {near.map((name, index) => (
              <>
                {index > 0 ? ', ' : ''}
                <a href={`/batches/${name}`}>
                  <bdi>{name}</bdi>
                </a>
              </>
            ))}
          </p>
        )}
        <p>
          <a href="/batches">All batches</a>
        </p>
      </section>
    </>
  );
  return answerPage(deps, c, { title, nav: '/batches', body }, purge === undefined ? 404 : 410);
}
