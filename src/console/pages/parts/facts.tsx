import type { Child } from 'hono/jsx';

interface FactsProps {
  facts: readonly (readonly [name: Child, value: Child])[];
  /** For names that are sentences. */
  isWide?: boolean;
}

/** Names with their values, in two columns. */
export function Facts({ facts, isWide = false }: FactsProps) {
  return (
    <dl class={isWide ? 'facts wide-terms' : 'facts'}>
      {facts.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}
