import type { Check } from '../../preflight/check-result.ts';

/** A line for each check, and the remedy below a warning or a fault. */
export function checksText(checks: readonly Check[]): string {
  const lines: string[] = [];
  for (const { level, what, remedy } of checks) {
    lines.push(`${level.padEnd(8)} ${what}`);
    if (remedy !== undefined) lines.push(`${' '.repeat(9)}what to do: ${remedy}`);
  }
  return `${lines.join('\n')}\n`;
}
