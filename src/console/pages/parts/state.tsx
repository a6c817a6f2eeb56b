import type { StateWord } from '../../state-word.ts';

/** The state of a batch as a pill: a word, and a dot in its colour. */
export function State({ state: { word, tone } }: { state: StateWord }) {
  return <span class={`state ${tone}`}>{word}</span>;
}
