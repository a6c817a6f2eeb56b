import { patternFrom } from '../portal/name-pattern.ts';
import type { PortalSettings } from '../portal/portal-facts.ts';
import type { Verdict } from '../portal/verdict.ts';
import { type Check, type CheckName, fault, ok, warning } from './check.ts';
import { clockCheck } from './clock-checks.ts';
import type { PortalFacts } from './portal-facts.ts';

/** API keys came with 3.1 (P-VERSION-01). */
const OLDEST = { major: 3, minor: 1 };

/** TenantStatus (P-TENANT-01); 0 is open, and 5 serves requests all the same. */
const tenantStatuses: Readonly<Record<number, string>> = {
  1: 'suspended',
  2: 'about to be removed',
  3: 'being transferred',
  4: 'being restored',
  6: 'being encrypted',
};

/** What the portal says to anybody: whether it is there and open, its version, rule and clock. */
export function portalChecks(facts: PortalFacts): Check[] {
  const { settings, origin, clockAheadMs } = facts;
  if (settings.kind !== 'ok') return [unanswered('portal', settings)];
  const { value } = settings;
  return [
    ok('portal', `${origin} answers`),
    tenantStatus(value),
    version(value),
    nameRule(value),
    ...(clockAheadMs === undefined
      ? []
      : [clockCheck('portal-clock', "the portal's", clockAheadMs)]),
    ...inviting(facts),
  ];
}

/** The line for something that was asked and got no usable answer. */
export function unanswered(
  check: CheckName,
  verdict: Exclude<Verdict<unknown>, { kind: 'ok' }>,
): Check {
  switch (verdict.kind) {
    case 'stopped':
      return {
        ...fault(check, plain(verdict.reason), plain(verdict.remedy)),
        because: verdict.code,
      };
    case 'rate-limited': {
      const seconds = Math.ceil(verdict.waitMs / 1000);
      const what = `not checked: the portal asks for a pause of ${seconds} s`;
      return warning(check, what, 'workers wait by themselves; check again later');
    }
    default: {
      const what = 'reason' in verdict ? plain(verdict.reason) : 'The portal does not answer';
      const remedy = 'check DOCSPACE_URL and the network; workers wait until the portal answers';
      return { ...fault(check, what, remedy), because: 'outage' };
    }
  }
}

function plain(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

function tenantStatus({ tenantStatus: status = 0 }: PortalSettings): Check {
  const closed = tenantStatuses[status];
  if (closed === undefined) return ok('tenant-status', 'the portal is open');
  const remedy = 'wait until the portal is open, or have it opened';
  return fault('tenant-status', `the portal is ${closed} (tenantStatus ${status})`, remedy);
}

function version({ version: told }: PortalSettings): Check {
  const remedy = 'make sure that the portal is DocSpace 3.1 or later';
  if (told === undefined) return warning('version', 'the portal does not tell its version', remedy);
  const [major = 0, minor = 0] = told.split('.').map(Number);
  const isOld = major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor);
  if (!isOld) return ok('version', `DocSpace ${told}`);
  return fault('version', `DocSpace ${told} is too old: it has no API keys`, 'update the portal');
}

function nameRule({ userNameRegex }: PortalSettings): Check {
  if (patternFrom(userNameRegex) !== undefined) {
    return ok('name-rule', "names are held to the portal's own rule");
  }
  const what =
    userNameRegex === undefined
      ? 'the portal does not tell its rule for names'
      : "the portal's rule for names cannot be read here";
  return warning('name-rule', what, 'names are held to the stock rule; the portal may refuse more');
}

/** Portals before 3.2 have no such setting; a portal that is away has its own line. */
function inviting({ inviting: verdict }: PortalFacts): Check[] {
  if (verdict.kind !== 'ok') return [];
  if (verdict.value.allowInvitingMembers) return [ok('inviting', 'members may be invited')];
  const what = 'the portal does not allow inviting members, so it creates none either';
  const remedy = "allow inviting members in the portal's security settings";
  return [{ ...fault('inviting', what, remedy), because: 'access-denied' }];
}
