import type { Viewer } from '../auth/viewer.ts';
import type { ConsoleDeps } from '../console-deps.ts';

export async function noteShown(
  _deps: ConsoleDeps,
  _viewer: Viewer,
  _batch: string,
): Promise<void> {}
export async function noteFound(_deps: ConsoleDeps, _viewer: Viewer): Promise<void> {}
