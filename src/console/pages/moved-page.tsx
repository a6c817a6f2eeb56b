import { z } from 'zod';
import type { OnboardError } from '../../errors.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { ConsoleContext } from '../route.ts';
import { answerPage } from './answer-page.tsx';
import { people } from './parts/words.ts';

const numbers = z.object({ round: z.number(), people: z.number() });
const details = z.object({ shown: numbers, now: numbers });

interface Moved {
  batch: string;
  change: string;
  error: OnboardError;
}

/** 409: the batch moved between the confirmation and the click, so nothing happened. */
export function answerMoved(
  deps: ConsoleDeps,
  c: ConsoleContext,
  { batch, change, error }: Moved,
): Response {
  const { shown, now } = details.parse(error.details);
  const title = 'Nothing was changed: the batch has moved';
  const body = (
    <>
      <h1>{title}</h1>
      <section class="card">
        <p>
          The page showed {people(shown.people)} in round {shown.round}; now it is{' '}
          {people(now.people)} in round {now.round}. Somebody, or the batch itself, was faster.
        </p>
        <p class="actions">
          <a class="button primary" href={`/batches/${batch}/${change}`}>
            Look again
          </a>
          <a class="button" href={`/batches/${batch}`}>
            Back
          </a>
        </p>
      </section>
    </>
  );
  return answerPage(deps, c, { title, nav: '/batches', body }, 409);
}
