import { readFileSync } from 'node:fs';

/** The version of the package, whose file is above both src and dist. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return String(JSON.parse(text).version);
}
