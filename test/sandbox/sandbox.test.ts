import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/process/logger.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { listenOn } from '../support/ports.ts';
import { onRelease } from '../support/resources.ts';
import { call, openSandbox, post } from './support.ts';

async function occupiedPort(): Promise<number> {
  const server = createServer();
  const port = await listenOn(server);
  onRelease(() => new Promise((resolve) => server.close(resolve)));
  return port;
}

describe('startSandbox', () => {
  it('listens on loopback, on a port of its own, with a key of its own', async () => {
    const [one, other] = await Promise.all([openSandbox(), openSandbox()]);
    expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(one.url).not.toBe(other.url);
    expect(one.key).toMatch(/^sk-[0-9a-f]{64}$/);
    await post(one);
    expect(other.state().accounts).toEqual([]);
  });

  it('takes the port that it is given', async () => {
    const first = await startSandbox();
    await first.close();
    const port = Number(new URL(first.url).port);
    const second = await openSandbox({ port });
    expect(second.url).toBe(first.url);
  });

  it('says so when the port is in use', async () => {
    const port = await occupiedPort();
    await expect(startSandbox({ port })).rejects.toMatchObject({
      name: 'OnboardError',
      code: 'E_PORT_IN_USE',
      message: `Port ${port} of 127.0.0.1 is in use: stop the process that listens there, or choose another port.`,
    });
  });

  it('says so when there is no such address', async () => {
    const failing = startSandbox({ host: '203.0.113.1' });
    await expect(failing).rejects.toMatchObject({ code: 'E_CONFIG' });
  });

  it('refuses a key of another form without repeating it', async () => {
    const failing = startSandbox({ keys: ['secret-token'] });
    await expect(failing).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: expect.not.stringContaining('secret-token'),
    });
  });

  it('keeps the first spelling of an existing person and the owner of the keys', async () => {
    const existing = ['A@example.com', 'a@example.com', 'owner@sandbox.example'];
    const state = (await openSandbox({ existing })).state();
    expect(state.accounts.map((account) => account.email)).toEqual(['A@example.com']);
    expect(state.staff).toHaveLength(1);
  });

  it('logs where it listens, and neither keys nor addresses', async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const logger = createLogger({ level: 'debug', destination });
    const sandbox = await openSandbox({ logger });
    await post(sandbox);
    const text = lines.join('');
    expect(text).toContain(sandbox.url);
    expect(text).not.toContain(sandbox.key);
    expect(text).not.toContain('ana.oneil');
  });
});

describe('close', () => {
  it('cuts requests in flight and can be called twice', async () => {
    const sandbox = await openSandbox({ latencyMs: 5000 });
    const pending = call(sandbox, 'GET /people/@self');
    const outcome = expect(pending).rejects.toThrow();
    await sandbox.close();
    await sandbox.close();
    await outcome;
    await expect(call(sandbox, 'GET /people/@self')).rejects.toThrow();
  });

  it('leaves the state readable', async () => {
    const sandbox = await openSandbox();
    await post(sandbox);
    await sandbox.close();
    expect(sandbox.state().accounts).toHaveLength(1);
  });
});
