import type { PortalSettings } from '../portal/portal-facts.ts';
import { patternFrom } from '../portal/public-facts.ts';
import type { Verdict } from '../portal/verdict.ts';
import type { PortalFacts } from './ask-portal.ts';
import { type Check, type CheckName, clockCheck, fault, ok, warning } from './check-result.ts';

/** Closed states (P-TENANT-01); 0 is open, and 5 serves requests as usual. */
const tenantStatuses: Readonly<Record<number, string>> = {
  1: 'suspended',
  2: 'about to be removed',
  3: 'being transferred',
  4: 'being restored',
  6: 'being encrypted',
};

/** Checks the public facts of the portal: answers, open, version, name rule, clock, inviting. */
export function portalChecks(facts: PortalFacts): Check[] {
  const { settings, origin, clockAheadMs } = facts;
  if (settings.kind !== 'ok') return [unanswered('portal', settings)];
  const { value } = settings;
  const checks = [ok('portal', `${origin} answers`)];
  checks.push(tenantStatus(value), version(value), nameRule(value));
  if (clockAheadMs !== undefined) {
    checks.push(clockCheck('portal-clock', "the portal's", clockAheadMs));
  }
  return [...checks, ...inviting(facts)];
}

/** The line of a request without a usable answer. */
export function unanswered(
  check: CheckName,
  verdict: Exclude<Verdict<unknown>, { kind: 'ok' }>,
): Check {
  switch (verdict.kind) {
    case 'stopped':
      return {
        ...fault(check, plain(verdict.reason), plain(verdict.remedy)),
        ...(verdict.detail !== undefined && { detail: verdict.detail }),
        because: verdict.code,
      };
    case 'rate-limited': {
      const seconds = Math.ceil(verdict.waitMs / 1000);
      const what = `not checked: the portal asks for a wait of ${seconds} s`;
      return warning(check, what, 'check again later; workers wait without help');
    }
    case 'refused':
    case 'conflict':
    case 'unknown':
    case 'unreachable':
    case 'absent': {
      const what = 'reason' in verdict ? plain(verdict.reason) : 'The portal does not answer';
      const isOfProxy = 'code' in verdict && verdict.code.startsWith('proxy-');
      const where = isOfProxy ? 'HTTPS_PROXY, NO_PROXY' : 'DOCSPACE_URL';
      const remedy = `check ${where} and the network; workers wait until the portal answers`;
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
  const remedy = 'wait until the portal is open, or ask for it to be opened';
  return fault('tenant-status', `the portal is ${closed} (tenantStatus ${status})`, remedy);
}

/** DocSpace 3.1 is the first version with API keys (P-VERSION-01). */
function version({ version: name }: PortalSettings): Check {
  const remedy = 'make sure that the portal is DocSpace 3.1 or later';
  if (name === undefined) return warning('version', 'the portal hides its version', remedy);
  const [major = 0, minor = 0] = name.split('.').map(Number);
  const isOld = major < 3 || (major === 3 && minor < 1);
  if (!isOld) return ok('version', `DocSpace ${name}`);
  return fault('version', `DocSpace ${name} is too old: it has no API keys`, 'update the portal');
}

function nameRule({ userNameRegex }: PortalSettings): Check {
  const pattern = patternFrom(userNameRegex);
  if (pattern === undefined) {
    const remedy = 'expect refusals: names are checked by the default rule';
    return warning('name-rule', 'the portal hides its rule for names', remedy);
  }
  if (pattern !== 'unusable') return ok('name-rule', "names are checked by the portal's own rule");
  // Text of the portal, of any length; the sentence must not quote it.
  const what = "the portal's rule for names is not one list of characters, so it is not used here";
  const remedy = 'expect refusals of the portal: only length and control characters are checked';
  return warning('name-rule', what, remedy);
}

/** Checks the setting; portals before 3.2 lack it, and an absent portal has a line of its own. */
function inviting({ inviting: verdict }: PortalFacts): Check[] {
  if (verdict.kind !== 'ok') return [];
  if (verdict.value.allowInvitingMembers) return [ok('inviting', 'members may be invited')];
  const what = 'the portal does not allow inviting members, so it does not create any';
  const remedy = "allow inviting members in the portal's security settings";
  return [{ ...fault('inviting', what, remedy), because: 'access-denied' }];
}
