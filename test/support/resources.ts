import { messageOf } from '../../src/errors.ts';

/** The result of a test; the data of a failed one stays. */
export interface End {
  failed: boolean;
}

type Release = (end: End) => unknown;

/** Registers how to undo a part, newest first: after the test, or after a group of tests. */
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

/** Makes a part on its first use. */
export function lazy<T>(make: () => T): () => T {
  let made: { part: T } | undefined;
  return () => {
    made ??= { part: make() };
    return made.part;
  };
}
