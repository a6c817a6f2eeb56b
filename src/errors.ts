/** Exit status of the executable for each class of error; 0, 3 and 130 are not errors. */
const EXIT_ERROR = 1;
const EXIT_USAGE = 2;
/** As for a batch that is held: a person must see to something first, and nothing is lost. */
const EXIT_HELD = 4;

/** Every code an error of this program can bear, with the exit status that it leads to. */
export const errorCodes = {
  E_USAGE: EXIT_USAGE,
  E_CONFIG: EXIT_ERROR,
  E_FILE_UNREADABLE: EXIT_ERROR,
  E_FILE_FORMAT: EXIT_ERROR,
  E_FILE_ENCODING: EXIT_ERROR,
  E_FILE_MALFORMED: EXIT_ERROR,
  E_FILE_EMPTY: EXIT_ERROR,
  E_FILE_COLUMNS: EXIT_ERROR,
  E_FILE_CHANGED: EXIT_ERROR,
  E_REDIS_MISSING: EXIT_ERROR,
  E_REDIS_UNREACHABLE: EXIT_ERROR,
  E_REDIS_REFUSES: EXIT_ERROR,
  E_REDIS_VERSION: EXIT_ERROR,
  E_REDIS_EVICTION: EXIT_ERROR,
  E_DATA_DIR: EXIT_ERROR,
  E_DATA_DIR_LOCKED: EXIT_ERROR,
  E_BATCH_UNKNOWN: EXIT_ERROR,
  E_PERSON_UNKNOWN: EXIT_ERROR,
  E_BATCH_CONFLICT: EXIT_ERROR,
  E_BATCH_BUSY: EXIT_ERROR,
  E_BATCH_STATE: EXIT_ERROR,
  E_REFUSED: EXIT_ERROR,
  E_QUEUE_REFUSED: EXIT_ERROR,
  E_PREFLIGHT: EXIT_HELD,
  E_PLAN_MOVED: EXIT_ERROR,
  E_PAYLOAD: EXIT_ERROR,
  E_PORT_IN_USE: EXIT_ERROR,
  E_INTERNAL: EXIT_ERROR,
} as const;

export type ErrorCode = keyof typeof errorCodes;

/**
 * An error that a user can meet: a stable code, one sentence that says where, what and what to do,
 * and the fields behind it. `message` never holds a person's e-mail or the API key, because job
 * failures and log lines repeat it.
 */
export class OnboardError extends Error {
  override readonly name = 'OnboardError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.details = Object.freeze({ ...options.details });
  }

  get exitStatus(): number {
    return errorCodes[this.code];
  }
}

/** The text of anything thrown, for a log field or an error's sentence. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
