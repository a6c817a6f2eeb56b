import { expect, test } from 'vitest';
import { openRejected } from '../../../src/console/uploads/rejected-rows.ts';

test('rows of a plan whose files were removed are no longer here, and the sentence says what to do', async () => {
  await expect(openRejected('/nowhere/rejected.ndjson')).rejects.toMatchObject({
    code: 'E_PLAN_UNKNOWN',
    message: expect.stringContaining('upload the list again'),
  });
});
