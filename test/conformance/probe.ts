/** The answer to one request. `response` is the part of the envelope that differs. */
export interface Seen {
  status: number;
  type: string;
  headers: Record<string, string>;
  text: string;
  json: unknown;
  response: unknown;
}

export interface AskOptions {
  body?: unknown;
  /** Sent unchanged, instead of `body`. */
  raw?: string | Uint8Array<ArrayBuffer>;
  /** Another key, or null for none. */
  key?: string | null;
  headers?: Record<string, string>;
  /** Time after which the client goes away. */
  leaveAfterMs?: number;
}

interface Place {
  /** Address of the portal without a slash at the end. */
  url: string;
  key: string;
  /** Part of every marked name, so that two runs do not meet. */
  run: string;
  /** Most accounts that the run may create. */
  most?: number;
}

/** Longer than a creation that waits 30 s for its lock. */
const PATIENCE_MS = 60_000;
const JSON_TYPE = { 'Content-Type': 'application/json' };

/** A portal under test. It remembers every account and every group that its requests made. */
export class Probe {
  readonly #place: Place;
  readonly accounts: string[] = [];
  readonly groups: string[] = [];
  #names = 0;
  #ana: Promise<Seen> | undefined;

  constructor(place: Place) {
    this.#place = place;
  }

  get url(): string {
    return this.#place.url;
  }

  get key(): string {
    return this.#place.key;
  }

  /**
   * Sends `METHOD /path`, below /api/2.0 unless the path begins with `//`.
   * @throws Error when the run would create more accounts than it may
   */
  async ask(request: string, options: AskOptions = {}): Promise<Seen> {
    const [method = 'GET', path = '/'] = request.split(' ');
    if (request === 'POST /people') this.#checkRoom();
    const target = path.startsWith('//') ? path.slice(1) : `/api/2.0${path}`;
    const signal = AbortSignal.timeout(options.leaveAfterMs ?? PATIENCE_MS);
    const headers = this.#headers(options);
    const init = { method, headers, signal, redirect: 'manual' } as const;
    const answer = await fetch(`${this.url}${target}`, { ...init, ...bodyOf(options) });
    const seen = await seenOf(answer);
    if (seen.status === 200) this.#remember(request, seen);
    return seen;
  }

  /** A marked address nobody has; `mark` comes before the `@`. */
  email(mark = ''): string {
    this.#names += 1;
    return `conformance-${this.#place.run}-${this.#names}${mark}@example.com`;
  }

  groupName(): string {
    this.#names += 1;
    return `conformance ${this.#place.run} ${this.#names}`;
  }

  /** POST /people for a marked User, except for what `more` says. */
  create(more: Record<string, unknown> = {}, options: AskOptions = {}): Promise<Seen> {
    const body = { email: this.email(), firstName: 'Ana', lastName: 'Lee', type: 'User', ...more };
    return this.ask('POST /people', { body, ...options });
  }

  /** The creation of a User that many facts share. */
  ana(): Promise<Seen> {
    this.#ana ??= this.create({ email: this.email('+a'), lastName: "O'Neil", comment: 'marked' });
    return this.#ana;
  }

  addGroup(more: Record<string, unknown> = {}): Promise<Seen> {
    return this.ask('POST /group', { body: { groupName: this.groupName(), ...more } });
  }

  /** Deletes the groups of this run. Returns the ids that are left. */
  async deleteGroups(): Promise<string[]> {
    const left: string[] = [];
    for (const id of this.groups) {
      const { status } = await this.ask(`DELETE /group/${id}`);
      if (status !== 204 && status !== 404) left.push(id);
    }
    return left;
  }

  #headers({ key = this.key, body, headers }: AskOptions): Record<string, string> {
    const login = key === null ? {} : { Authorization: `Bearer ${key}` };
    return { ...login, ...(body !== undefined && JSON_TYPE), ...headers };
  }

  #checkRoom(): void {
    const { most = Number.POSITIVE_INFINITY } = this.#place;
    if (this.accounts.length < most) return;
    throw new Error(`${most} accounts are the most that a run may create`);
  }

  #remember(request: string, { response }: Seen): void {
    if (request === 'POST /people') this.accounts.push(String(field(response, 'email')));
    if (request === 'POST /group') this.groups.push(String(field(response, 'id')));
  }
}

/** A property of a value of unknown type; undefined when there is none. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** The id in the answer to a creation. */
export function idIn({ response }: Seen): string {
  return String(field(response, 'id'));
}

/** The address in the answer to a creation, ready for a query. */
export function addressIn({ response }: Seen): string {
  return encodeURIComponent(String(field(response, 'email')));
}

function bodyOf({ body, raw }: AskOptions): { body?: string | Uint8Array<ArrayBuffer> } {
  if (raw !== undefined) return { body: raw };
  return body === undefined ? {} : { body: JSON.stringify(body) };
}

async function seenOf(answer: Response): Promise<Seen> {
  const { status, headers } = answer;
  const text = await answer.text();
  const json = jsonOf(text);
  const type = headers.get('content-type') ?? '';
  const response = field(json, 'response');
  return { status, type, headers: Object.fromEntries(headers), text, json, response };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
