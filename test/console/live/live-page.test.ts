import { expect, test } from 'vitest';
import { setHold } from '../../../src/ledger/stops/holds.ts';
import { holdReason } from '../../../src/stops.ts';
import { timings } from '../../../src/timings.ts';
import { onRelease } from '../../support/resources.ts';
import { openStage } from '../../support/stage.ts';
import { consoleOn } from '../console-case.ts';

test('what another viewer read before a change does not undo the page of who made it', async () => {
  const stage = await openStage();
  const { liveMovingMs, liveStillMs } = timings;
  const slow = { ...stage, timings: { ...stage.timings, liveMovingMs, liveStillMs } };
  const { app } = consoleOn(slow);
  const first = async (address: string) => {
    const { body } = await app.request(address);
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    onRelease(() => reader?.cancel());
    return (await reader?.read())?.value ?? '';
  };
  expect(await first('/live')).toContain('event: parts');
  await setHold(stage.ledger, { ...holdReason('key-rejected'), since: Date.now() });
  const page = await (await app.request('/')).text();
  expect(page).toContain('the portal does not accept the API key');
  const address = /data-live="([^"]+)"/.exec(page)?.[1] ?? '';
  expect(await first(address)).toContain('event: beat');
});
