/** Kinds: a share, a number of people, such a number or 0, a time in ms since the epoch, yes or no. */
export type OptionKind = 'percent' | 'count' | 'size' | 'time' | 'switch';

interface Declaration {
  kind: OptionKind;
  /** The flag of the command line, without its placeholder. */
  flag: string;
  description: string;
}

/**
 * Options that a later submission of the same list may change. The record in Redis, the library's
 * options, and flags and help of the command line follow from these lines.
 */
export const batchOptions = {
  /** Share of failed rows above which everything is held; 100 never holds. */
  maxFailedPercent: {
    kind: 'percent',
    flag: '--max-failures',
    description: 'hold when more than this share of 50 or more failed (40)',
  },
  /** Most people in one invite request: `INVITE_SIZE` without it; 0 is everybody in one. */
  inviteSize: {
    kind: 'size',
    flag: '--invite-size',
    description: 'most people in one invite request (20000); 0 is everybody in one',
  },
  /** Number of people in the first round; the others are held back for `onboard continue`. */
  limit: {
    kind: 'count',
    flag: '--limit',
    description: 'only the first n people now; the others with onboard continue',
  },
  /** Holds the invite back for `onboard invite`. */
  inviteHeld: {
    kind: 'switch',
    flag: '--hold-invite',
    description: 'hold the invite back for onboard invite',
  },
  /** Gates the invite until this time. */
  inviteAt: {
    kind: 'time',
    flag: '--invite-at',
    description: 'send the invite at this time, as 2026-12-01T08:00+01:00',
  },
  /** Gates the invite while a smaller share of the accepted people has an account. */
  minCreatedPercent: {
    kind: 'percent',
    flag: '--min-created',
    description: 'hold the invite back while fewer people have an account',
  },
} as const satisfies Record<string, Declaration>;

type Declared = typeof batchOptions;
export type BatchOptionName = keyof Declared;

type Value<Kind extends OptionKind> = Kind extends 'switch' ? boolean : number;

export type BatchOptions = {
  -readonly [Name in BatchOptionName]?: Value<Declared[Name]['kind']> | undefined;
};

/** Names of the options in the order of the help. */
export const batchOptionNames = Object.keys(batchOptions) as BatchOptionName[];
