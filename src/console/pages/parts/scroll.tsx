import type { PropsWithChildren } from 'hono/jsx';

/** A table that scrolls sideways on a phone, by keyboard too. */
export function Scroll({ label, children }: PropsWithChildren<{ label: string }>) {
  return (
    <section class="scroll" aria-label={label} tabindex={0}>
      {children}
    </section>
  );
}
