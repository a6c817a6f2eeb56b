import type { Child } from 'hono/jsx';
import type { Viewer } from '../../auth/viewer.ts';

interface ConfirmProps {
  title: string;
  /** Address that the form is sent to. */
  action: string;
  button: string;
  /** Whether it cannot be undone. */
  isFinal?: boolean;
  /** Values that the form sends back, so that the server can see whether they still hold. */
  fields?: readonly (readonly [name: string, value: string | number])[];
  viewer: Viewer;
  back: string;
  children: Child;
}

/** A page that says who and how many before anything is changed. */
export function Confirm(props: ConfirmProps) {
  const { title, action, button, isFinal, fields = [], viewer, back, children } = props;
  return (
    <>
      <h1>{title}</h1>
      <section class="card">
        <form method="post" action={action} class="form">
          <input type="hidden" name="token" value={viewer.token} />
          {fields.map(([name, value]) => (
            <input type="hidden" name={name} value={String(value)} />
          ))}
          {children}
          <p class="actions">
            <button type="submit" class={isFinal ? 'danger' : 'primary'}>
              {button}
            </button>
            <a class="button" href={back}>
              Back
            </a>
          </p>
        </form>
      </section>
    </>
  );
}
