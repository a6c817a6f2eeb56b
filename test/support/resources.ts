import { messageOf } from '../../src/errors.ts';

/** How a test ended; after a failure what it leaves is worth a look. */
export interface End {
  failed: boolean;
}

type Release = (end: End) => unknown;

/** Where a part says how to undo it, newest first: after the test, or after a whole group of tests. */
export type Register = (release: Release) => void;

const releases: Release[] = [];

/** Registers something to undo after the test; newest first. */
export const onRelease: Register = (release) => {
  releases.push(release);
};

/** Undoes everything registered and returns the failures. */
export async function releaseAll(end: End): Promise<string[]> {
  const failures: string[] = [];
  for (let release = releases.pop(); release !== undefined; release = releases.pop()) {
    try {
      await release(end);
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  return failures;
}

/** Makes a part when it is first asked for. */
export function lazy<T>(make: () => T): () => T {
  let made: { part: T } | undefined;
  return () => {
    made ??= { part: make() };
    return made.part;
  };
}
