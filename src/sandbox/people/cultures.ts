import { PortalError } from '../http/portal-exceptions.ts';

/** Enabled cultures of a portal (buildtools config/appsettings.json, web:cultures). */
const enabledCultures = (
  'az cs de en-GB en-US es fr it lv nl pl pt-BR pt ro sk sl sq-AL fi vi tr el-GR bg ru ' +
  'sr-Cyrl-RS sr-Latn-RS uk-UA hy-AM ar-SA si lo-LA zh-CN ja-JP ko-KR'
).split(' ');
const byLowerCase = new Map(enabledCultures.map((name) => [name.toLowerCase(), name]));
const FALLBACK = 'en-US';

/** The languages of the portal, sorted (P-CULTURE-01). */
export const culturesOfPortal: readonly string[] = [...enabledCultures].sort();

/** Whether .NET accepts the name of a culture: a well-formed language tag (P-CREATE-14). */
export function isCulture(name: string): boolean {
  try {
    return Intl.getCanonicalLocales(name).length === 1;
  } catch {
    return false;
  }
}

/** @throws PortalError for the name of a culture that .NET refuses; an empty one is none. */
export function checkCulture(name: string | null | undefined): void {
  if (name && !isCulture(name)) throw new PortalError('unknownCulture', name);
}

/** The enabled culture nearest to a name: itself, a parent (`fr-FR` to `fr`), or en-US. */
export function enabledCulture(name: string): string {
  const parts = name.toLowerCase().split('-');
  for (let length = parts.length; length > 0; length -= 1) {
    const enabled = byLowerCase.get(parts.slice(0, length).join('-'));
    if (enabled !== undefined) return enabled;
  }
  return FALLBACK;
}
