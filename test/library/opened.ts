import {
  type Onboard,
  type OnboardOptions,
  openOnboard,
  type PersonInput,
} from '../../src/index.ts';
import { onRelease } from '../support/resources.ts';
import type { Stage } from '../support/stage.ts';

/** The library on a stage's Redis and portal, closed after the test. */
export async function opened(
  stage: Stage,
  more: Pick<OnboardOptions, 'apiKey'> = {},
): Promise<Onboard> {
  const { url: redisUrl, prefix } = stage;
  const portalUrl = stage.sandbox.url;
  const onboard = await openOnboard({ redisUrl, prefix, portalUrl, actor: 'sync job', ...more });
  onRelease(() => onboard.close());
  return onboard;
}

/** People of a program, numbered from `first`. */
export const persons = (count: number, first = 0): PersonInput[] =>
  Array.from({ length: count }, (_, index) => ({
    email: `p${first + index}@example.com`,
    firstName: 'Ana',
    lastName: 'Lee',
  }));
