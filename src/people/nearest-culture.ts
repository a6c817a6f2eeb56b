/**
 * The culture of a portal that a name means: itself, in the portal's spelling, or its parent (`de` of
 * `de-AT`), as the portal itself reads it (P-CREATE-18). Undefined when the portal has neither.
 */
export function nearestCulture(name: string, cultures: readonly string[]): string | undefined {
  const parts = name.toLowerCase().split('-');
  for (let length = parts.length; length > 0; length -= 1) {
    const wanted = parts.slice(0, length).join('-');
    const found = cultures.find((culture) => culture.toLowerCase() === wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}
