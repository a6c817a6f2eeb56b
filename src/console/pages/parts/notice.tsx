import type { Child } from 'hono/jsx';

interface NoticeProps {
  kind: 'hold' | 'wait' | 'note';
  title: string;
  children: Child;
  /** Links to what helps. */
  actions?: Child;
}

/** A box at the top of a page: what is the matter, what to do, and the link to it. */
export function Notice({ kind, title, children, actions }: NoticeProps) {
  return (
    <section class={`banner ${kind}`}>
      <div>
        <h2>{title}</h2>
        <p>{children}</p>
      </div>
      {actions === undefined ? null : <div class="actions">{actions}</div>}
    </section>
  );
}
