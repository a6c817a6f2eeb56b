/** One row of `onboard report --format json`. */
interface ReportRow {
  file: string;
  line: number;
  email: string;
  state: string;
  code: string;
  reason: string;
  attempts: number;
  invited: boolean;
  marks: readonly string[];
  /** Groups that the list names, separated by `|`. */
  groups: string;
}

/** `onboard status BATCH --json` */
interface Counts {
  batchId: string;
  state: string;
  total: number;
  accepted: number;
  pending: number;
  created: number;
  existing: number;
  failed: number;
  cancelled: number;
  invited: number;
  notInvitable: number;
  inviteRequests: number;
  unansweredInvites: number;
}

export interface BatchEnd {
  counts: Counts;
  rows: ReportRow[];
  /** Number of lines of the file below its header. */
  lines: number;
  /** Valid e-mails of the file. */
  good: readonly string[];
}

/** State of the sandbox. */
export interface PortalEnd {
  accounts: {
    email: string;
    origin: string;
    type: string;
    mails: { activation: number; invite: number };
    groups: { name: string }[];
  }[];
  groups: { name: string }[];
  postsOfExisting: Record<string, number>;
  acceptedInvites: { emails: string[] }[];
}

export interface RoundEnd {
  batches: BatchEnd[];
  portal: PortalEnd;
  /** E-mails of existing accounts. */
  existing: readonly string[];
  /** Accounts of the batches that were no Users after `onboard set-roles`. */
  wrongAfterSetRoles: readonly string[];
  /**
   * Whether a POST may follow the account: a worker that is stopped between its note and its request
   * sends it when it resumes, and Redis may lose the note with the last second of its file.
   */
  mayRepeat: boolean;
  /** Whether Redis lost unsynced writes, such as the note of an accepted invite. */
  hasLostPower: boolean;
  /** Everything that Redis wrote to its file. */
  left: string;
}

/** A violated rule of architecture.md, with the person. */
export interface Breach {
  rule: number;
  what: string;
  email?: string;
}
