import { expect, test } from 'vitest';
import { faultsOf } from './look-at.ts';
import { scenes } from './scenes.ts';

test.each(scenes)('pages of the console that is $name can be used by everybody', async (scene) => {
  expect(await faultsOf(scene)).toEqual([]);
});
