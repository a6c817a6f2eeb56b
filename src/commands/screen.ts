import type { Writable } from 'node:stream';

/** A block of lines that is drawn over the one before. */
export interface Screen {
  draw(text: string): void;
}

const ESC = '\u001b[';

/**
 * Draws on a terminal. Lines longer than it is wide are cut by the terminal itself (DECAWM off), so
 * that as many lines are gone over as were drawn, whatever their characters are wide.
 */
export function createScreen(stream: Writable): Screen {
  let lines = 0;
  return {
    draw(text) {
      const up = lines === 0 ? '' : `${ESC}${lines}A\r`;
      stream.write(`${up}${ESC}0J${ESC}?7l${text}${ESC}?7h`);
      lines = text.split('\n').length - 1;
    },
  };
}
