/** A line of `onboard check`. */
export interface CheckLine {
  /** Name of the check, as `key-expiry`. */
  check?: string;
  level: 'ok' | 'warning' | 'fault';
  /** One sentence without a full stop. */
  what: string;
  remedy?: string;
  /** Words of the portal. */
  detail?: string;
}

/** Facts about this installation, and how to check it. */
export interface SystemFacts {
  version: string;
  /** How long each is kept, ms. */
  retention: { batches: number; people: number; jobs: number; log: number };
  /** Whether ends and holds are notified. */
  isNotifying: boolean;
  /** Checks Redis, the portal and the key; undefined without the address of a portal. */
  check: (() => Promise<CheckLine[]>) | undefined;
  /** The line about a key that is about to expire; reads nothing. Absent without a key. */
  keyWarning?: (() => CheckLine | undefined) | undefined;
}
