import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { type Context, withContext } from '../../src/commands/context.ts';
import { timings } from '../../src/timings.ts';

/** Ten questions are half a second of silence. */
const brief = { ...timings, silenceMs: 500, silencePollMs: 50 };

function openIo() {
  const controller = new AbortController();
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const io = { env: {}, stdin, stdout, stderr, interrupt: controller.signal, timings: brief };
  return { io, interrupt: () => controller.abort() };
}

const wants = { needs: [], logLevel: 'warn' as const };
const forEver = () => new Promise<never>(() => undefined);

test('a command that is interrupted while it waits for a Redis that is gone ends in seconds', async () => {
  const { io, interrupt } = openIo();
  const ended = withContext(io, wants, ({ closers }: Context) => {
    closers.dependOn(forEver);
    interrupt();
    return forEver();
  });
  await expect(ended).rejects.toMatchObject({ code: 'E_REDIS_UNREACHABLE' });
});

test('a command that is interrupted has its time while Redis answers', async () => {
  const { io, interrupt } = openIo();
  const status = await withContext(io, wants, async ({ closers }: Context) => {
    let asked = 0;
    const answered = new Promise<void>((resolve) => {
      closers.dependOn(async () => {
        asked += 1;
        // More questions than the limit of silence would allow.
        if (asked > 12) resolve();
      });
    });
    interrupt();
    await answered;
    return 0;
  });
  expect(status).toBe(0);
});
