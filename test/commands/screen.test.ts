import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createScreen } from '../../src/commands/screen.ts';

test('each block is drawn over the one before, line by line', () => {
  const stream = new PassThrough();
  const screen = createScreen(stream);
  screen.draw('one\ntwo\n');
  screen.draw('three\n');
  screen.draw('four\n');
  const [esc, on] = ['\u001b[', '\u001b[?7h'];
  expect(String(stream.read())).toBe(
    `${esc}0J${esc}?7lone\ntwo\n${on}${esc}2A\r${esc}0J${esc}?7lthree\n${on}` +
      `${esc}1A\r${esc}0J${esc}?7lfour\n${on}`,
  );
});
