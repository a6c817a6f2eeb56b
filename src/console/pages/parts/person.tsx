import { maskEmail } from '../../../privacy/redact.ts';

interface PersonProps {
  email: string;
  name: string;
  /** Whether the reader asked to see people, which is in the log. */
  isShown: boolean;
}

/** A person: masked, unless somebody who may asked to see people. */
export function Person({ email, name, isShown }: PersonProps) {
  if (email === '' && name === '') return <span class="muted">no longer kept</span>;
  return (
    <>
      <bdi>{isShown ? email : masked(email)}</bdi>
      {name === '' ? null : (
        <>
          {' '}
          <bdi class="muted">{isShown ? name : maskedName(name)}</bdi>
        </>
      )}
    </>
  );
}

/** A cell of a rejected row can be any text: only an address keeps its domain. */
function masked(email: string): string {
  return /^[^\s@]+@[^\s@]+$/.test(email) ? maskEmail(email) : maskedName(email);
}

function maskedName(name: string): string {
  return name
    .split(/\s+/)
    .map((word) => (word === '' ? '' : `${[...word][0]}***`))
    .join(' ');
}
