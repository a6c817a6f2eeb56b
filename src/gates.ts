interface GateText {
  /** One sentence without its full stop. */
  what: string;
  /** The flag of the command line that set it. */
  flag?: string;
  /** The action for a person; without it, the person who set the gate knows. */
  remedy?: string;
}

/** Gates because the portal did not take the invite of a batch; other batches continue. */
const stuckGates = {
  'invite-refused': {
    what: 'the invite is stopped: the portal refuses one person after another',
    remedy: 'correct what the portal names',
  },
  'invite-too-big': {
    what: 'the invite is stopped: it holds more people than the portal allows invitations a day',
    remedy: 'submit the same files again with a smaller --invite-size, to invite in parts',
  },
  'invite-too-long': {
    what: 'the invite is stopped: its request is longer than the 30,000,000 bytes that the portal reads',
    remedy: 'submit the same files again with a smaller --invite-size, to invite in parts',
  },
  'invitation-limit': {
    what: "the invite is stopped: the portal's limit of invitations is used up",
    remedy: 'raise the invitation limit of the portal, or wait: it is tried again every hour',
  },
  'invite-unanswered': {
    what: 'the invite is stopped: the portal does not answer it',
    remedy: 'submit the same files again with a smaller --invite-size, to invite in parts',
  },
  'invite-conflict': {
    what: 'the invite is stopped: the portal did not accept it',
    remedy: 'correct what the portal names',
  },
} as const satisfies Record<string, GateText>;

export type StuckCode = keyof typeof stuckGates;
export const stuckCodes = Object.keys(stuckGates) as [StuckCode, ...StuckCode[]];

/** Gates: each stops the invite of one batch. */
const allGates = {
  'invite-held': { what: 'the invite is held back', flag: '--hold-invite' },
  'too-few-created': {
    what: 'the invite is held back: fewer people have an account than were asked for',
    flag: '--min-created',
  },
  'invite-at': { what: 'the invite waits for its time' },
  ...stuckGates,
} as const satisfies Record<string, GateText>;

export type GateCode = keyof typeof allGates;
export const gates: Readonly<Record<GateCode, GateText>> = allGates;

/** The sentence of a gate for the command line, with the flag that set it. */
export function gateText(code: GateCode): string {
  const { what, flag } = gates[code];
  return flag === undefined ? what : `${what} (${flag})`;
}
