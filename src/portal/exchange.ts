import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Answer } from './answer.ts';
import { type FailureCode, failureOf } from './failure-code.ts';
import { KeptBody } from './kept-body.ts';

/** A body that is made while it is sent. */
export interface StreamedBody {
  /** Length of all pieces. */
  bytes: number;
  /** Makes the pieces, for one request. */
  pieces: () => AsyncIterable<string>;
}

/** One HTTP request, ready to be sent. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT';
  origin: string;
  /** With the query. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string | StreamedBody | undefined;
  /** From the call to the last byte of the answer, the wait for a connection included. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

const LAST_INFORMATIONAL_STATUS = 199;

/**
 * One HTTP exchange: an answer with any status, or a failure that says whether the request could
 * have been sent. Never rejects and never follows a redirect (P-PROXY-04).
 */
export function exchange(dispatcher: Dispatcher, request: HttpRequest): Promise<Answer> {
  return new Promise((resolve) => new Exchange(request, resolve).start(dispatcher));
}

/**
 * The two ends of an exchange in one object. It implements undici's dispatch handler itself,
 * because only `onRequestStart`, called right before the first byte is written, tells a request
 * that is still waiting for a connection from one that may have reached the portal.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #resolve: (answer: Answer) => void;
  readonly #body = new KeptBody();
  readonly #onAbort = (): void => this.#giveUp('aborted');
  #timer: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: Record<string, string> = {};
  #isSettled = false;

  constructor(request: HttpRequest, resolve: (answer: Answer) => void) {
    this.#request = request;
    this.#resolve = resolve;
  }

  start(dispatcher: Dispatcher): void {
    const { method, origin, path, timeoutMs, signal } = this.#request;
    if (signal?.aborted) {
      this.#giveUp('aborted');
      return;
    }
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#timer = setTimeout(() => this.#giveUp('timeout'), timeoutMs);
    try {
      dispatcher.dispatch({ method, origin, path, ...this.#payload() }, this);
    } catch (error) {
      this.#fail(error);
    }
  }

  #payload(): Pick<Dispatcher.DispatchOptions, 'headers' | 'body'> {
    const { headers, body = null } = this.#request;
    if (body === null || typeof body === 'string') return { headers, body };
    const length = String(body.bytes);
    const stream = Readable.from(this.#read(body), { highWaterMark: 1 });
    return { headers: { ...headers, 'content-length': length }, body: stream };
  }

  /** A piece that cannot be made ends the request before it is whole. */
  async *#read({ pieces }: StreamedBody): AsyncGenerator<string> {
    try {
      yield* pieces();
    } catch (error) {
      this.#giveUp('aborted');
      throw error;
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Aborted here, a request that was given up while it waited is never written.
    if (this.#isSettled) controller.abort(new Error('given up before sending'));
    else this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    this.#headers = flatten(headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#body.push(piece);
  }

  onResponseEnd(): void {
    this.#settle({ status: this.#status, headers: this.#headers, ...this.#body.read() });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #fail(error: unknown): void {
    const failure = failureOf(error);
    const isBroken = failure.code === 'reset' && this.#status > LAST_INFORMATIONAL_STATUS;
    const code = isBroken ? 'truncated' : failure.code;
    this.#settle({ failure: { ...failure, code, sent: this.#controller !== undefined } });
  }

  #giveUp(code: FailureCode): void {
    this.#settle({ failure: { code, sent: this.#controller !== undefined } });
    this.#controller?.abort(new Error(`given up: ${code}`));
  }

  #settle(answer: Answer): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    clearTimeout(this.#timer);
    this.#request.signal?.removeEventListener('abort', this.#onAbort);
    this.#resolve(answer);
  }
}

function flatten(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value === undefined) continue;
    flat[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}
