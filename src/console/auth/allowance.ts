/** How often each name may do something. */
export interface Allowance {
  /** Takes one; false when the name has none left now. */
  take(name: string): boolean;
}

/** At most `most` in any `perMs`, for each name; times in ms. */
export function createAllowance(most: number, perMs: number, now: () => number): Allowance {
  const taken = new Map<string, number[]>();
  return {
    take(name) {
      const since = now() - perMs;
      const recent = (taken.get(name) ?? []).filter((at) => at > since);
      if (recent.length < most) recent.push(now());
      else return false;
      taken.set(name, recent);
      return true;
    },
  };
}
