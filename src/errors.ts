/** Exit status of the executable for each class of error; 0, 3 and 130 are not errors. */
const EXIT_ERROR = 1;
const EXIT_USAGE = 2;
/** Same status as for a held batch: a person must act first, and nothing is lost. */
const EXIT_HELD = 4;

/** All codes of errors with their exit status. */
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
  E_LEDGER_DAMAGED: EXIT_ERROR,
  E_BATCH_UNKNOWN: EXIT_ERROR,
  E_PERSON_UNKNOWN: EXIT_ERROR,
  E_PORTAL: EXIT_ERROR,
  E_BATCH_CONFLICT: EXIT_ERROR,
  E_BATCH_BUSY: EXIT_ERROR,
  E_BATCH_STATE: EXIT_ERROR,
  E_REFUSED: EXIT_ERROR,
  E_GROUP_AMBIGUOUS: EXIT_ERROR,
  E_GROUP_UNKNOWN: EXIT_ERROR,
  E_QUEUE_REFUSED: EXIT_ERROR,
  E_PREFLIGHT: EXIT_HELD,
  E_HELD: EXIT_HELD,
  E_PLAN_MOVED: EXIT_ERROR,
  E_MOVED: EXIT_ERROR,
  E_PLAN_UNKNOWN: EXIT_ERROR,
  E_UPLOAD: EXIT_ERROR,
  E_UPLOAD_BUSY: EXIT_ERROR,
  E_UPLOAD_TOO_LARGE: EXIT_ERROR,
  E_DISK_FULL: EXIT_ERROR,
  E_PAYLOAD: EXIT_ERROR,
  E_PORT_IN_USE: EXIT_ERROR,
  E_INTERNAL: EXIT_ERROR,
} as const;

export type ErrorCode = keyof typeof errorCodes;

/**
 * An error for users: a stable code, one sentence with place, fact and action, and the fields
 * behind it. `message` never holds an e-mail or the API key, because job failures and log lines
 * repeat it.
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

/** Text of a thrown value, for a log field or the sentence of an error. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The code of an error of the system, such as ENOENT. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
}
