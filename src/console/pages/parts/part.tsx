import type { PropsWithChildren } from 'hono/jsx';

/** A part of a page that live updates replace as a whole. */
export function Part({ name, children }: PropsWithChildren<{ name: string }>) {
  return (
    <div id={`part-${name}`} class="part">
      {children}
    </div>
  );
}
