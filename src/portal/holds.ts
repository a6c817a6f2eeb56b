import { sentence } from './sentence.ts';
import type { HoldCode, StoppedVerdict } from './verdict.ts';

interface Hold {
  what: string;
  remedy: string;
}

const holds: Readonly<Record<HoldCode, Hold>> = {
  'key-rejected': {
    what: 'The portal does not accept the API key',
    remedy:
      'Check that the key is complete, active and not expired and that its owner is not disabled, or set a new DOCSPACE_API_KEY.',
  },
  'key-missing-scope': {
    what: 'The API key lacks a permission for this request',
    remedy: 'Use a key with all permissions, or with accounts:write.',
  },
  'access-denied': {
    what: "The key's owner may not do this on the portal",
    remedy:
      'Use a key of the portal owner or of a DocSpace administrator, and allow inviting members in the portal settings.',
  },
  forbidden: {
    what: 'The portal forbids the request',
    remedy: "Look into the portal's log for the reason.",
  },
  'address-blocked': {
    what: "The portal's IP restriction turns this machine away",
    remedy: "Add this machine's address to the portal's list of trusted IP addresses.",
  },
  'portal-moving': {
    what: 'The portal is being transferred, restored or encrypted',
    remedy: 'Wait until the portal is open again.',
  },
  'portal-suspended': {
    what: 'The portal is suspended or about to be removed',
    remedy: 'Have the portal opened again, or check DOCSPACE_URL.',
  },
  'portal-unpaid': {
    what: 'The portal is not paid for',
    remedy: 'Settle the payment of the portal.',
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
    what: 'There is no DocSpace API at this address',
    remedy: 'Check DOCSPACE_URL: the host of the portal, without a path.',
  },
  redirected: {
    what: 'The portal redirects, and a redirected POST would be lost',
    remedy: 'Set DOCSPACE_URL to the address that the portal redirects to, with https.',
  },
  'html-answer': {
    what: 'A web page came in place of the API',
    remedy: 'Check DOCSPACE_URL: another server, a login page or a captive portal answered.',
  },
  'certificate-refused': {
    what: "The portal's TLS certificate is not trusted",
    remedy:
      'Check DOCSPACE_URL and the certificate of the portal, or make its authority known with NODE_EXTRA_CA_CERTS.',
  },
  'content-type-refused': {
    what: 'The portal does not take the content type application/json',
    remedy: 'Check whether a proxy in front of the portal changes requests.',
  },
  'proxy-refused': {
    what: 'A proxy in front of the portal refuses the request',
    remedy: 'Check the proxy, the firewall and the size limits in front of the portal.',
  },
  'invitation-limit': {
    what: "The portal's limit of invitations is exceeded",
    remedy:
      'Raise the invitation limit of the portal, or wait until its 24 hours have passed; fewer people in a request (--invite-size) fit into what is left.',
  },
  'invite-refused': {
    what: 'The portal refused the invite; people before the refused one may have been invited',
    remedy:
      'Put the refused account right on the portal (enable it, or correct its address): the same people are then invited again, and none of them is mailed twice.',
  },
  'unexpected-answer': {
    what: 'The portal gave an answer that cannot be understood',
    remedy: 'Check DOCSPACE_URL and whether the version of the portal is supported (3.1 or later).',
  },
};

/** The verdict of a hold: its sentence with what the portal said, and its remedy. */
export function stopped(
  code: HoldCode,
  parts: { status?: number; quote?: string } = {},
): StoppedVerdict {
  const { what, remedy } = holds[code];
  return { kind: 'stopped', code, reason: sentence(what, parts), remedy };
}
