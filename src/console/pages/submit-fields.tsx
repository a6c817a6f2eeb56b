import { BATCH_ID } from '../../batch-id.ts';
import { accountTypes } from '../../people/account-types.ts';
import type { UploadOptions } from '../uploads/plan-record.ts';
import type { OpenUploads } from '../uploads/uploads.ts';
import { splitOrders } from './parts/column-words.ts';
import { fieldLabels as labels } from './parts/field-labels.ts';
import { ChoiceField, Field, LinesField, TextField, Tick } from './parts/form-fields.tsx';

/** Who gets which account, in which groups. */
export function WhoFields() {
  return (
    <details class="card">
      <summary>Who and what</summary>
      <div class="fields">
        <ChoiceField
          name="type"
          label={labels.type}
          hint="All except User take paid seats, and need an admin to approve."
          choices={accountTypes.map((type) => [type, type])}
          chosen="User"
        />
        <fieldset class="field">
          <legend>{labels['allow-types']}</legend>
          {accountTypes.map((type) => (
            <Tick name="allowTypes" value={type}>
              {type}
            </Tick>
          ))}
        </fieldset>
        <TextField name="culture" label={labels.culture} hint="As de or en-US." />
        <ChoiceField
          name="groups"
          label={labels.groups}
          choices={[
            ['', 'leave people out of them'],
            ['create', 'make them'],
            ['require', 'reject their rows'],
            ['ignore', 'read no groups at all'],
          ]}
        />
        <LinesField name="group" label={labels.group} hint="One a line, by name or by id." />
        <Tick name="joinExisting">{labels['join-existing']}</Tick>
      </div>
    </details>
  );
}

/** When the invite is sent. */
export function InviteFields({ zone }: { zone: string }) {
  return (
    <details class="card">
      <summary>Invite</summary>
      <div class="fields">
        <fieldset class="field">
          <legend>When people are invited</legend>
          <label>
            <input type="radio" name="invite" value="now" checked /> when the last person is settled
          </label>
          <label>
            <input type="radio" name="invite" value="hold" /> when somebody releases it
          </label>
          <label>
            <input type="radio" name="invite" value="at" /> at this time:
          </label>
        </fieldset>
        <TextField name="inviteAt" label={labels['invite-at']} type="datetime-local" />
        <Field name="inviteZone" label="Zone of this time" hint="That of the server is chosen.">
          <select id="inviteZone" name="inviteZone" aria-describedby="inviteZone-hint">
            {[zone, 'UTC', ...Intl.supportedValuesOf('timeZone')].map((name) => (
              <option value={name}>{name}</option>
            ))}
          </select>
        </Field>
        <TextField
          name="inviteSize"
          label={labels['invite-size']}
          hint="20,000 where it is empty; 0 is everybody in one."
          type="number"
          min={0}
        />
        <TextField
          name="minCreatedPercent"
          label={labels['min-created']}
          type="number"
          min={0}
          max={100}
        />
      </div>
    </details>
  );
}

/** How carefully it begins, and how the files are read. */
export function SafetyFields({ uploads: { hasKey, canNotify } }: { uploads: OpenUploads }) {
  return (
    <details class="card">
      <summary>Safety and reading</summary>
      <div class="fields">
        <TextField
          name="limit"
          label={labels.limit}
          hint="The others are held back until somebody continues."
          type="number"
          min={1}
        />
        <TextField
          name="maxFailedPercent"
          label={labels['max-failures']}
          hint="40 where it is empty; 100 never holds."
          type="number"
          min={0}
          max={100}
        />
        <TextField
          name="batch"
          label={labels.batch}
          hint="A letter, then letters, digits, _ and -. Empty: files and options decide."
          pattern={BATCH_ID.source.replace(/^\^|\$$/g, '')}
        />
        {hasKey ? <Tick name="lookup">{labels.lookup} (a request for each person)</Tick> : null}
        {canNotify ? (
          <>
            <input type="hidden" name="canNotify" value="yes" />
            <Tick name="notify" checked>
              Notify the address of ONBOARD_NOTIFY_URL of its end, holds and waits
            </Tick>
          </>
        ) : null}
        <ReadingFields />
        <LinesField name="map" label={labels.map} hint="One a line: Header=email." />
        <LinesField name="ignore" label={labels.ignore} hint="One header a line." />
      </div>
    </details>
  );
}

/** How the files are read. */
export function ReadingFields({ options = {} }: { options?: UploadOptions }) {
  return (
    <>
      <TextField
        name="delimiter"
        label={labels.delimiter}
        hint="One character, or tab. Empty: the header decides."
        value={options.delimiter}
      />
      <TextField
        name="encoding"
        label={labels.encoding}
        hint="As windows-1252. Empty: the bytes decide."
        value={options.encoding}
      />
      <TextField
        name="sheet"
        label={labels.sheet}
        hint="Its name, or its number from 1."
        value={options.sheet}
      />
      <ChoiceField
        name="splitName"
        label={labels['split-name']}
        choices={[['', 'no'], ...splitOrders]}
        chosen={options.splitName}
      />
    </>
  );
}
