import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis as Client } from 'ioredis';
import type { List } from './people.ts';
import { type Deed, type Plan, TROUBLE_MS, WORKERS } from './plan.ts';
import { portalEnd, setFaults } from './portal.ts';
import {
  askJson,
  type Command,
  killed,
  type Place,
  Redis,
  startCommand,
  waitUntil,
} from './processes.ts';
import type { BatchEnd, RoundEnd } from './round-end.ts';
import { ENV, KEY, REPAIRED, SLOW } from './settings.ts';

const SUBMIT = ['submit', '--groups', 'create'];

/** Limit of a round; a longer wait is a violation. The longest healthy round takes about 70 s. */
const END_MS = 180_000;

/** Time from a submission to the first power loss, so that no loss reaches back to it. */
const SAFE_MS = 1500;

/** A running round; `run` returns the facts for the judge. */
export class Round {
  readonly #plan: Plan;
  readonly #place: Place;
  readonly #workers: Command[] = [];
  readonly #ids: string[] = [];
  #redis!: Redis;
  #client!: Client;
  #sandbox!: Command;
  #url = '';
  #producer: Command | undefined;
  #submittedAt = Number.POSITIVE_INFINITY;
  #isOver = false;
  #mayRepeat = false;
  #hasLostPower = false;
  #failure: unknown;

  constructor(plan: Plan, dir: string) {
    this.#plan = plan;
    this.#place = { dir, env: { ...ENV } };
  }

  async run(): Promise<RoundEnd> {
    try {
      await this.#open();
      const working = this.#work();
      const troubling = this.#trouble();
      const operating = this.#operate();
      await Promise.all([working, troubling]);
      await setFaults(this.#url, { reset: true, ...SLOW });
      await waitUntil('the batches to finish', END_MS, () => this.#areFinished());
      this.#isOver = true;
      await operating;
      return await this.#end();
    } finally {
      this.#isOver = true;
      await this.#close();
    }
  }

  async #open(): Promise<void> {
    const { dir, env } = this.#place;
    const { list, second } = this.#plan;
    await mkdir(join(dir, 'redis'), { recursive: true });
    await writeFile(join(dir, 'first.csv'), list.csv);
    if (second !== undefined) await writeFile(join(dir, 'second.csv'), second.csv);
    const existing = this.#existing();
    await writeFile(join(dir, 'existing.txt'), ['nobody@sandbox.example', ...existing].join('\n'));
    this.#redis = await Redis.start(join(dir, 'redis'));
    env.REDIS_URL = this.#redis.url;
    this.#client = new Client(this.#redis.url, { maxRetriesPerRequest: null });
    this.#client.on('error', () => undefined);
    const limits = '--requests-per-minute 0 --writers 0 --readers 0 --writes-per-day 0'.split(' ');
    const there = ['--existing', 'existing.txt', '--existing-groups', 'Ops'];
    const args = ['sandbox', '--key', KEY, ...there, ...limits];
    this.#sandbox = startCommand(this.#place, 'sandbox', args);
    const address = () => /DOCSPACE_URL=(\S+)/.exec(this.#sandbox.output())?.[1];
    await waitUntil('the sandbox', 20_000, () => address() !== undefined);
    this.#url = address() ?? '';
    env.DOCSPACE_URL = this.#url;
    await setFaults(this.#url, { ...SLOW, ...this.#plan.faults });
    for (let index = 0; index < WORKERS; index += 1) this.#startWorker(index);
  }

  /** Runs a supervised worker: it restarts until the end of the round. */
  #startWorker(index: number): void {
    const worker = startCommand(this.#place, `worker${index}`, ['worker']);
    this.#workers[index] = worker;
    worker.ended.then(async () => {
      await sleep(200);
      if (!this.#isOver && this.#workers[index] === worker) this.#startWorker(index);
    });
  }

  /** Runs the producer's command until it succeeds. */
  async #work(): Promise<void> {
    const files = ['first.csv', ...(this.#plan.second === undefined ? [] : ['second.csv'])];
    for (const file of files) {
      const deadline = Date.now() + END_MS;
      for (;;) {
        const producer = startCommand(this.#place, 'submit', [...SUBMIT, file]);
        this.#producer = producer;
        if ((await producer.ended) === 0) {
          const [id] = /^b[0-9a-f]{12}$/m.exec(producer.output()) ?? [];
          if (id !== undefined) this.#ids.push(id);
          break;
        }
        // The preflight refuses a portal that is closed or unpaid, and a person has it opened again.
        if (/E_PREFLIGHT/.test(producer.output())) await setFaults(this.#url, REPAIRED);
        if (Date.now() > deadline) throw new Error(`submit never succeeded: ${producer.output()}`);
        await sleep(100);
      }
    }
    this.#producer = undefined;
    this.#submittedAt = Date.now();
  }

  async #trouble(): Promise<void> {
    const beganAt = Date.now();
    const deeds: Promise<void>[] = [];
    for (const { atMs, deed } of this.#plan.events) {
      await sleep(Math.max(0, beganAt + atMs - Date.now()));
      deeds.push(this.#do(deed).catch((error: unknown) => this.#note(error)));
    }
    await sleep(Math.max(0, beganAt + TROUBLE_MS - Date.now()));
    await Promise.all(deeds);
    if (this.#failure !== undefined) throw this.#failure;
  }

  #note(error: unknown): void {
    this.#failure ??= error;
  }

  async #do(deed: Deed): Promise<void> {
    switch (deed.kind) {
      case 'kill-worker':
        this.#workers[deed.worker]?.child.kill('SIGKILL');
        return;
      case 'stop-worker':
        return this.#stopWorker(deed.worker, deed.forMs);
      case 'kill-producer':
        this.#producer?.child.kill('SIGKILL');
        return;
      case 'kill-redis':
        return this.#redis.kill(deed.downMs);
      case 'lose-power':
        await waitUntil('the submission', END_MS, () => Date.now() - this.#submittedAt > SAFE_MS);
        this.#mayRepeat = true;
        this.#hasLostPower = true;
        return this.#redis.losePower(deed.lostMs);
      case 'faults':
        return setFaults(this.#url, deed.change);
    }
  }

  /** Stops a worker for longer than its lock, so that another worker takes its jobs. */
  async #stopWorker(index: number, forMs: number): Promise<void> {
    const child = this.#workers[index]?.child;
    this.#mayRepeat = true;
    child?.kill('SIGSTOP');
    await sleep(forMs);
    child?.kill('SIGCONT');
  }

  /** Releases holds like a person: fixes the portal, then resumes or restarts a worker. */
  async #operate(): Promise<void> {
    while (!this.#isOver) {
      await sleep(500);
      for (const id of this.#ids) await this.#release(id);
      const code = await this.#client.hget('{onboard}:hold', 'code').catch(() => null);
      if (code === null) continue;
      await sleep(700);
      await setFaults(this.#url, REPAIRED).catch(() => undefined);
      if (code === 'key-rejected') await killed(this.#workers[0]?.child ?? never(), 'SIGTERM');
      else await startCommand(this.#place, 'resume', ['resume']).ended;
    }
  }

  /** Opens the gate of a batch whose invite the portal did not take. */
  async #release(id: string): Promise<void> {
    const stuck = await this.#client.hexists(`{onboard}:batch:${id}`, 'stuck').catch(() => 0);
    if (stuck === 0) return;
    await setFaults(this.#url, REPAIRED).catch(() => undefined);
    await startCommand(this.#place, 'invite', ['invite', id]).ended;
  }

  async #areFinished(): Promise<boolean> {
    if (this.#failure !== undefined) throw this.#failure;
    const keys = this.#ids.map((id) => this.#client.hget(`{onboard}:batch:${id}`, 'state'));
    return (await Promise.all(keys)).every((state) => state === 'finished');
  }

  async #end(): Promise<RoundEnd> {
    const { list, second } = this.#plan;
    const lists = [list, ...(second === undefined ? [] : [second])];
    const batches = await Promise.all(lists.map((each, index) => this.#batch(each, index)));
    const portal = await portalEnd(this.#url);
    const existing = this.#existing();
    const wrongAfterSetRoles = await this.#setRoles();
    const marks = { mayRepeat: this.#mayRepeat, hasLostPower: this.#hasLostPower };
    const left = this.#redis.contents();
    return { batches, portal, existing, wrongAfterSetRoles, ...marks, left };
  }

  /** Sets wrong roles like a person, and returns those that are wrong in the end. */
  async #setRoles(): Promise<string[]> {
    for (const id of this.#ids) {
      await startCommand(this.#place, 'set-roles', ['set-roles', id]).ended;
    }
    const { accounts } = await portalEnd(this.#url);
    const wrong = accounts.filter(({ origin, type }) => origin === 'post' && type !== 'User');
    return wrong.map(({ email }) => email);
  }

  async #batch({ lines, good }: List, index: number): Promise<BatchEnd> {
    const id = this.#ids[index] ?? '';
    const counts = await askJson<BatchEnd['counts']>(this.#place, ['status', id, '--json']);
    const args = ['report', id, '--format', 'json'];
    const rows = await askJson<BatchEnd['rows']>(this.#place, args);
    return { counts, rows, lines, good };
  }

  #existing(): string[] {
    return [...this.#plan.list.existing, ...(this.#plan.second?.existing ?? [])];
  }

  async #close(): Promise<void> {
    this.#client?.disconnect();
    const commands = [...this.#workers, this.#producer, this.#sandbox];
    for (const command of commands) {
      if (command === undefined) continue;
      command.child.kill('SIGCONT');
      await killed(command.child, 'SIGKILL');
    }
    await this.#redis?.stop();
  }
}

function never(): never {
  throw new Error('there is no such worker');
}
