import { gates } from '../../gates.ts';
import { remedyCodes, remedyFor } from '../../overview/remedies.ts';
import { holdCodes, plainHold } from '../../stops.ts';
import { Facts } from './parts/facts.tsx';
import { Scroll } from './parts/scroll.tsx';
import { sentence } from './parts/words.ts';

const commands: readonly (readonly [string, string, string])[] = [
  ['/', 'Overview', 'onboard status'],
  ['/batches', 'Batches', 'onboard status --all'],
  ['', 'A batch', 'onboard status BATCH, onboard watch BATCH'],
  ['', 'People of a batch', 'onboard report BATCH'],
  ['/submit', 'Start a batch', 'onboard submit FILE --dry-run, then onboard submit FILE --plan ID'],
  ['/people', 'Find a person', 'onboard find EMAIL'],
  ['/activity', 'Activity', 'onboard log'],
  ['', 'Retry, continue, invite, cancel', 'onboard retry, continue, invite, cancel BATCH'],
  ['', 'Pause and resume', 'onboard pause, onboard resume'],
  ['', 'Purge', 'onboard purge BATCH'],
];

const states: readonly (readonly [string, string])[] = [
  ['Being submitted', 'Rows are being recorded; accounts are created at the same time.'],
  ['Incomplete', 'The submission stopped before the end. Submit the same files again.'],
  ['Waiting its turn', 'People of earlier batches are worked first.'],
  ['Creating', 'Accounts are being created.'],
  ['Inviting', 'Everybody is settled, and the invite is being sent.'],
  ['Invite held back', 'The invite waits for a person, a time, or a share of people.'],
  ['Waits for you', 'The first people are done; the others are held back until you continue.'],
  ['Held', 'All work stands still until a person has seen to the reason.'],
  ['Paused', 'Somebody paused all work.'],
  ['Limited', 'The portal asked to slow down; work continues by itself.'],
  ['Portal away', 'The portal cannot be reached; workers keep trying.'],
  ['Finished', 'Everybody has an account, and those created are invited.'],
  ['Finished with failures', 'Some people have no account. The page of the batch says why.'],
  ['Cancelled', 'Somebody cancelled the batch. Those without an account can be retried.'],
];

/** Each state and reason, and the command that does the same as a page. */
export function HelpPage() {
  const holds = holdCodes.map(plainHold).map(({ what, remedy }) => [what, remedy] as const);
  const waits = Object.values(gates).map(({ what, remedy }) => {
    const text = sentence(remedy ?? 'send it when you are ready, or wait for its time');
    return [sentence(what), text] as const;
  });
  const pages = commands.map(([href, name, command]) => {
    return [href === '' ? name : <a href={href}>{name}</a>, <code>{command}</code>] as const;
  });
  return (
    <>
      <h1>Help</h1>
      <section class="card">
        <h2>States of a batch</h2>
        <Facts facts={states} />
      </section>
      <FailureHelp />
      <section class="card">
        <h2>Why everything is held</h2>
        <Facts facts={holds} isWide />
      </section>
      <section class="card">
        <h2>Why an invite waits</h2>
        <Facts facts={waits} isWide />
      </section>
      <section class="card">
        <h2>The same on the command line</h2>
        <Facts facts={pages} />
      </section>
    </>
  );
}

function FailureHelp() {
  const remedies = remedyCodes('failed').map((code) => [code, remedyFor('failed', code)] as const);
  return (
    <section class="card">
      <h2>Why people fail</h2>
      <Scroll label="Why people fail">
        <table>
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col">Code</th>
              <th scope="col">What helps</th>
            </tr>
          </thead>
          <tbody>
            {remedies.map(([code, { title, remedy }]) => (
              <tr>
                <th scope="row">{title}</th>
                <td>
                  <code>{code}</code>
                </td>
                <td>{remedy}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}
