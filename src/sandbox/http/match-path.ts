import { GUID } from './request-body.ts';

/** A path of the table that matched, and what stood in its place of a name in braces. */
export interface PathMatch {
  path: string;
  parameter?: string;
}

const isOpen = (part: string): boolean => part.startsWith('{');

/**
 * Matches a lower-case path with a template: `{id}` takes a GUID, so that any other text is an unknown
 * path (P-GROUP-05), `{type}` any text.
 */
export function matchPath(template: string, path: string): PathMatch | undefined {
  if (template === path) return { path };
  const wanted = template.split('/');
  const parts = path.split('/');
  const at = wanted.findIndex(isOpen);
  const parameter = parts[at];
  if (at < 0 || parameter === undefined || parts.length !== wanted.length) return undefined;
  if (wanted[at] === '{id}' && !GUID.test(parameter)) return undefined;
  const isSame = wanted.every((part, index) => index === at || part === parts[index]);
  return isSame ? { path: template, parameter } : undefined;
}
