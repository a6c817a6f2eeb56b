/** The properties of an answer that `?fields=a,b.c` names, of each entry when it is a list (P-SUCCESS-04). */
export function pickFields(value: unknown, fields: string | null): unknown {
  if (!fields) return value;
  return pick(
    value,
    fields.split(',').map((path) => path.trim().split('.')),
  );
}

function pick(value: unknown, paths: readonly string[][]): unknown {
  if (Array.isArray(value)) return value.map((one) => pick(one, paths));
  if (typeof value !== 'object' || value === null) return value;
  const picked = Object.entries(value).flatMap(([name, inner]) => {
    const wanted = paths.filter(([head]) => head === name).map(([, ...rest]) => rest);
    if (wanted.length === 0) return [];
    const isWhole = wanted.some((rest) => rest.length === 0);
    return [[name, isWhole ? inner : pick(inner, wanted)]];
  });
  return Object.fromEntries(picked);
}
