import type { Child } from 'hono/jsx';

interface FieldProps {
  name: string;
  label: string;
  /** Below the label: what it does. */
  hint?: string | undefined;
  children: Child;
}

/** A field with its label and what it does. */
export function Field({ name, label, hint, children }: FieldProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {children}
      {hint === undefined ? null : (
        <p class="muted" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

type Input = Omit<FieldProps, 'children'> & {
  type?: 'text' | 'number' | 'datetime-local';
  min?: number;
  max?: number;
  pattern?: string;
  value?: string | undefined;
};

/** A field of one line. */
export function TextField({ name, label, hint, type = 'text', ...others }: Input) {
  const by = hint === undefined ? undefined : `${name}-hint`;
  return (
    <Field name={name} label={label} hint={hint}>
      <input
        id={name}
        name={name}
        type={type}
        autocomplete="off"
        aria-describedby={by}
        {...others}
      />
    </Field>
  );
}

/** A field of several lines, a value in each. */
export function LinesField({ name, label, hint }: Omit<FieldProps, 'children'>) {
  const by = hint === undefined ? undefined : `${name}-hint`;
  return (
    <Field name={name} label={label} hint={hint}>
      <textarea id={name} name={name} rows={2} aria-describedby={by} />
    </Field>
  );
}

type Choices = Omit<FieldProps, 'children'> & {
  choices: readonly (readonly [value: string, text: string])[];
  chosen?: string | undefined;
};

/** A field with a list to choose from. */
export function ChoiceField({ name, label, hint, choices, chosen }: Choices) {
  const by = hint === undefined ? undefined : `${name}-hint`;
  return (
    <Field name={name} label={label} hint={hint}>
      <select id={name} name={name} aria-describedby={by}>
        {choices.map(([value, text]) => (
          <option value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  );
}

interface TickProps {
  name: string;
  value?: string;
  checked?: boolean;
  children: Child;
}

export function Tick({ name, value = 'yes', checked = false, children }: TickProps) {
  return (
    <label>
      <input type="checkbox" name={name} value={value} checked={checked} /> {children}
    </label>
  );
}
