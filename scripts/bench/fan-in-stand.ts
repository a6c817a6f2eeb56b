import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { owned } from './children.ts';

interface Message {
  what: string;
  port?: number;
  created?: number;
  ms?: number;
  people?: number;
  bytes?: number;
  wholeMs?: number;
}

/** The stand-in portal and what it has reported. */
export class StandIn {
  readonly #child: ChildProcess = owned(fork(join(import.meta.dirname, 'fan-in-portal.js')));
  readonly #waiting: { what: string; done: (message: Message) => void }[] = [];
  readonly invites: Message[] = [];

  constructor() {
    this.#child.on('message', (message: Message) => {
      if (message.what === 'invited') this.invites.push(message);
      for (const each of this.#waiting.splice(0)) {
        if (each.what === message.what) each.done(message);
        else this.#waiting.push(each);
      }
    });
  }

  next(what: string): Promise<Message> {
    return new Promise((done) => this.#waiting.push({ what, done }));
  }

  async mark(marks: { near: number; last: number }): Promise<number> {
    const marked = this.next('marked');
    this.#child.send(marks);
    return (await marked).created ?? 0;
  }

  stop(): void {
    this.#child.kill();
  }
}
