import { createServer } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { createLogger } from '../../src/process/logger.ts';
import { connectRedis } from '../../src/redis/connection/connect.ts';
import { diagnose } from '../../src/redis/connection/diagnose.ts';
import { readTarget } from '../../src/redis/connection/target.ts';
import { timings } from '../../src/timings.ts';
import { testCertificate, testKey } from '../portal/tls-fixture.ts';
import { listenOn } from '../support/ports.ts';
import { ownRedis } from '../support/redis-server.ts';
import { onRelease } from '../support/resources.ts';
import { clientOf } from '../support/space.ts';
import { openStage } from '../support/stage.ts';

const logger = createLogger({ level: 'silent' });
const impatient = { ...timings, redisFirstConnectMs: 700 };

/** The sentence of a connection that fails. */
async function sentenceOf(url: string): Promise<string> {
  const ended = await connectRedis({ url, role: 'producer', logger, timings: impatient }).then(
    (redis) => redis.disconnect(),
    (error: Error) => error.message,
  );
  return String(ended);
}

/** A server that answers everything with a text. */
async function answering(text: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).on('data', () => socket.end(text));
  });
  onRelease(() => server.close());
  return listenOn(server);
}

async function tlsServer(): Promise<number> {
  const server = createTlsServer({ cert: testCertificate, key: testKey }, (socket) => {
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  onRelease(() => server.close());
  return listenOn(server);
}

test('no connection left is a sentence of its own', async () => {
  const server = await ownRedis(['--maxclients', '2']);
  const others = Array.from({ length: 2 }, () => clientOf(server.url));
  await Promise.all(others.map((one) => one.ping()));
  expect(await sentenceOf(server.url)).toMatch(/has no connection left \(maxclients\): raise/);
});

test('TLS to a plain port is a sentence of its own', async () => {
  const { url } = await ownRedis();
  const sentence = await sentenceOf(url.replace('redis://', 'rediss://'));
  expect(sentence).toMatch(/does not speak TLS: write redis:\/\//);
});

test('plain to a TLS port is a sentence of its own', async () => {
  expect(await sentenceOf(`redis://127.0.0.1:${await tlsServer()}`)).toMatch(
    /expects TLS: write rediss:\/\//,
  );
});

test('an authority that is not trusted is a sentence of its own', async () => {
  expect(await sentenceOf(`rediss://127.0.0.1:${await tlsServer()}`)).toMatch(
    /authority.*NODE_EXTRA_CA_CERTS/,
  );
});

test.each([
  ['HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n', /is no Redis/],
  ['SSH-2.0-OpenSSH_9.6\r\n', /is no Redis/],
])('a port that answers %j is no Redis', async (text, sentence) => {
  expect(await sentenceOf(`redis://127.0.0.1:${await answering(text)}`)).toMatch(sentence);
});

test('a wrong password is a sentence of its own', async () => {
  const { url } = await ownRedis();
  const admin = new Redis(url);
  onRelease(() => admin.disconnect());
  await admin.config('SET', 'requirepass', 'right-password');
  expect(await sentenceOf(url)).toMatch(/wants a password \(NOAUTH\): write/);
  expect(await sentenceOf(url.replace('redis://', 'redis://:wrong-word@'))).toMatch(
    /refuses user and password \(WRONGPASS\): correct/,
  );
});

test('a TLS connection that is lost for another reason is not taken for that of no Redis', async () => {
  const port = await answering('\x15\x03\x01\x00\x02\x02\x46');
  const target = readTarget({ url: `rediss://127.0.0.1:${port}` });
  const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  expect(await diagnose(target, lost, 500)).toBeUndefined();
});

test('a certificate for another name is a sentence of its own', async () => {
  const port = await tlsServer();
  const stage = await openStage({ redis: `rediss://localhost:${port}` });
  const NODE_EXTRA_CA_CERTS = join(stage.dir, stage.write('authority.pem', testCertificate));
  const { code, stdout } = await stage.process.run(['check'], { env: { NODE_EXTRA_CA_CERTS } });
  expect(code).toBe(4);
  expect(stdout).toMatch(/has a certificate for another name: write the name/);
});
