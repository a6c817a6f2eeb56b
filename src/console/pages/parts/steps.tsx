const STEPS = ['Upload', 'Plan', 'Approve', 'Run'] as const;

/** Where somebody is between a list and its batch. */
export function Steps({ current }: { current: (typeof STEPS)[number] }) {
  return (
    <ol class="steps" aria-label="Steps">
      {STEPS.map((name, index) => (
        <li aria-current={name === current ? 'step' : undefined}>{`${index + 1} ${name}`}</li>
      ))}
    </ol>
  );
}
