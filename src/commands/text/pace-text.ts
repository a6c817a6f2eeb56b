import { grouped } from '../../count.ts';
import type { Overview } from '../../overview/overview.ts';

type Limits = NonNullable<Overview['limits']>;

const reasons: Record<Limits['why'], string> = {
  configured: 'as configured',
  portal: "the portal's own limit",
  shared: 'lowered after a refusal, because others use the limit of the portal, too',
};

/** The pace in force and why, as `at most 1,500 requests a minute (as configured)`; empty without one. */
export function limitText({ limits }: Overview): string {
  if (limits === undefined || limits.perMinute === 0) return '';
  const { perMinute, why } = limits;
  return `at most ${grouped(Math.round(perMinute))} requests a minute (${reasons[why]})`;
}

/** The pace in force as `--json` shows it; null without a limit, and before the first worker. */
export function limitFields({ limits }: Overview): object | null {
  if (limits === undefined || limits.perMinute === 0) return null;
  return { requestsPerMinute: Math.round(limits.perMinute), because: limits.why };
}
