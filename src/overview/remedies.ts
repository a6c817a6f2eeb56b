/** Help for people who failed with a code. */
export interface Remedy {
  title: string;
  remedy: string;
  kind: 'retry' | 'correct' | 'portal';
}

export function remedyOf(code: string): Remedy {
  const words = code.replaceAll('-', ' ');
  const title = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return { title, remedy: 'Try them again as they are.', kind: 'retry' };
}
