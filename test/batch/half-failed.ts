import { expect } from 'vitest';
import { shapeA } from '../portal/answers.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { firstPost } from '../worker/first-post.ts';

/** The portal's refusal of a person. */
export const refused = { before: shapeA(400, 'bad name', 'System.ArgumentException') };

/** Addresses of each accepted invite. */
export const invitees = ({ sandbox }: Stage) =>
  sandbox.state().acceptedInvites.map((one) => one.emails);

/** A finished batch of 4 people, of whom two failed for reasons that no longer exist. */
export async function halfFailed() {
  const plan = firstPost({ 'p1@example.com': refused, 'p2@example.com': refused });
  const stage = await openStage({ plan, works: true });
  const batch = await stage.submit(people(4));
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 2, failed: 2, invited: 2 });
  return { stage, batch };
}
