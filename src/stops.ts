/** Stops of a whole prefix; gates.ts has those of one batch's invite. */
interface HoldText {
  /** One sentence without its full stop; `{name}` stands for a detail of the case. */
  what: string;
  /** The sentence without details, where `what` has some. */
  short?: string;
  /** The action for a person, in the imperative. */
  remedy: string;
  /** Whether a worker that starts lifts it when the portal answers its key again. */
  liftsItself?: true;
}

/**
 * Holds: each stops all workers of the prefix. A hold without `liftsItself` ends with
 * `onboard resume` only, because a supervisor restarts workers without having fixed anything.
 */
const holds = {
  'key-rejected': {
    what: 'The portal does not accept the API key',
    remedy:
      'Check that the key is complete, active and not expired and that its owner is not disabled, or set a new DOCSPACE_API_KEY.',
    liftsItself: true,
  },
  'key-missing-scope': {
    what: 'The API key lacks a permission for this request',
    remedy: 'Use a key with all permissions, or with accounts:write.',
    liftsItself: true,
  },
  'access-denied': {
    what: "The key's owner may not do this on the portal",
    remedy:
      'Use a key of the portal owner or of a DocSpace administrator, and allow inviting members in the portal settings.',
    liftsItself: true,
  },
  forbidden: {
    what: 'The portal forbids the request',
    remedy: "Look into the portal's log for the reason.",
  },
  'address-blocked': {
    what: "The portal's IP restriction blocks this machine",
    remedy: "Add this machine's address to the portal's list of trusted IP addresses.",
    liftsItself: true,
  },
  'portal-moving': {
    what: 'The portal is being transferred, restored or encrypted',
    remedy: 'Wait until the portal is open again.',
    liftsItself: true,
  },
  'portal-suspended': {
    what: 'The portal is suspended or about to be removed',
    remedy: 'Have the portal opened again, or check DOCSPACE_URL.',
    liftsItself: true,
  },
  'portal-unpaid': {
    what: 'The portal is not paid for',
    remedy: 'Settle the payment of the portal.',
    liftsItself: true,
  },
  'plan-limit': {
    what: "The portal's plan does not allow new accounts",
    remedy: 'Renew or change the plan of the portal.',
  },
  'quota-exceeded': {
    what: 'The portal has no seat left for this account',
    remedy: 'Free seats or raise the number of seats of the portal.',
  },
  'wrong-address': {
    what: 'No DocSpace API was found at this address',
    remedy: 'Check DOCSPACE_URL: the host of the portal, without a path.',
    liftsItself: true,
  },
  redirected: {
    what: 'The portal redirects, and a redirected POST would be lost',
    remedy: 'Set DOCSPACE_URL to the address that the portal redirects to, with https.',
    liftsItself: true,
  },
  'html-answer': {
    what: 'A web page came in place of the API',
    remedy: 'Check DOCSPACE_URL: another server, a login page or a captive portal answered.',
    liftsItself: true,
  },
  'certificate-refused': {
    what: "The portal's TLS certificate is not trusted",
    remedy:
      'Check DOCSPACE_URL and the certificate of the portal, or make its authority known with NODE_EXTRA_CA_CERTS.',
    liftsItself: true,
  },
  'content-type-refused': {
    what: 'The portal does not take the content type application/json',
    remedy: 'Check whether a proxy in front of the portal changes requests.',
  },
  'proxy-refused': {
    what: 'A proxy in front of the portal refuses the request',
    remedy: 'Check the proxy, the firewall and the size limits in front of the portal.',
    liftsItself: true,
  },
  'proxy-login': {
    what: 'The proxy of HTTPS_PROXY wants a user and a password, or refuses them',
    remedy: 'Write http://user:password@host:port in HTTPS_PROXY, with % as %25.',
    liftsItself: true,
  },
  'login-in-between': {
    what: 'Something in front of the portal wants a login of its own',
    remedy:
      'Let requests to /api/2.0 pass the web server or proxy in front of the portal without that login.',
    liftsItself: true,
  },
  'key-removed': {
    what: 'The portal received no API key',
    remedy:
      'Let the proxy or firewall in between pass the header Authorization of requests to /api/2.0.',
    liftsItself: true,
  },
  'unexpected-answer': {
    what: 'The portal gave an answer that cannot be understood',
    remedy: 'Check DOCSPACE_URL and whether the version of the portal is supported (3.1 or later).',
  },
  'other-portal': {
    what: 'The batch is for {batchPortal}, this worker is for {workerPortal}',
    short: 'A batch is for another portal than its worker',
    remedy:
      'Give each portal an ONBOARD_PREFIX of its own, and start the worker with the DOCSPACE_URL of the batch.',
    liftsItself: true,
  },
  'too-many-failures': {
    what: '{failed} of {settled} people of batch {batch} failed; the list may be wrong as a whole',
    short: 'Too many people of a batch failed; the list may be wrong as a whole',
    remedy:
      'Look at the reasons (onboard report {batch}), then resume; to continue whatever fails, submit the same files with --max-failures 100 before.',
  },
  'group-ambiguous': {
    what: 'Several groups of the portal have one name that batch {batch} uses',
    short: 'Several groups of the portal have one name that a batch uses',
    remedy:
      'Rename all but one of them on the portal, then resume; or cancel the batch and submit it with the id of the group.',
  },
  'group-missing': {
    what: 'The portal lacks a group that is meant for everybody in batch {batch} (--group)',
    short: 'The portal lacks a group that is meant for everybody in a batch (--group)',
    remedy: 'Make the group on the portal, then resume; or submit with --groups create.',
  },
  'groups-unreadable': {
    what: 'The groups of the portal cannot be read, and batch {batch} needs them',
    short: 'The groups of the portal cannot be read, and a batch needs them',
    remedy: 'Give the workers a key with accounts:read, then resume.',
  },
  paused: {
    what: 'Paused by {by}',
    short: 'Paused by a person',
    remedy: 'Resume when you are ready.',
  },
  unknown: {
    what: 'Held by another version of this program',
    remedy: 'Update this program, or use the version that set the hold.',
  },
} as const satisfies Record<string, HoldText>;

export type HoldCode = keyof typeof holds;
export const holdCodes = Object.keys(holds) as HoldCode[];

/** A hold's sentence (without its full stop) and remedy, with the details of the case. */
export function holdText(
  code: HoldCode,
  details: Readonly<Record<string, string | number>> = {},
): { what: string; remedy: string } {
  const { what, remedy } = holds[code];
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name) => String(details[name]));
  return { what: fill(what), remedy: fill(remedy) };
}

/** A hold in our own words alone, for places where no word of the portal or of Redis may be. */
export function plainHold(code: HoldCode): { what: string; remedy: string } {
  const { what, remedy, short = what }: HoldText = holds[code];
  return { what: short, remedy: remedy.replace(/\{(\w+)\}/g, (_, name) => name.toUpperCase()) };
}

/** Whether a worker that starts may lift the hold once the portal answers its key. */
export function liftsItself(code: HoldCode): boolean {
  const text: HoldText = holds[code];
  return text.liftsItself === true;
}

/** A hold that is about to be set. */
export interface HoldReason {
  code: HoldCode;
  /** One sentence of ours, with its full stop. */
  reason: string;
  remedy: string;
  /** The words of the portal, or the people that it is about: may hold names and e-mails. */
  detail?: string | undefined;
  /** The batch that it is about, where it is about one. */
  batch?: string | undefined;
}

/** A hold with the details of the case. */
export function holdReason(
  code: HoldCode,
  details: Readonly<Record<string, string | number>> = {},
  detail?: string,
): HoldReason {
  const { what, remedy } = holdText(code, details);
  return { code, reason: `${what}.`, remedy, detail };
}
