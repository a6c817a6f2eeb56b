import type { FlagModel, Values, VerbModel } from './model.ts';

/** Completion for fish: one `complete` for each verb and flag. */
export function fishScript(verbs: readonly VerbModel[]): string {
  return `# Completion of onboard for fish: onboard completion fish | source
complete -c onboard -f
complete -c onboard -n __fish_use_subcommand -l help
${verbs.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ name, about, flags, values }: VerbModel): string[] {
  const inVerb = `complete -c onboard -n '__fish_seen_subcommand_from ${name}'`;
  const lines = [`complete -c onboard -n __fish_use_subcommand -a ${name} -d ${quoted(about)}`];
  if (values !== undefined) lines.push(`${inVerb} ${offered(values)}`);
  return [...lines, ...flags.map((flag) => `${inVerb} ${flagPart(flag)}`)];
}

function flagPart({ flag, about, values }: FlagModel): string {
  const value = values === undefined ? '' : ` -r ${offered(values)}`;
  return `-l ${flag.slice(2)}${value} -d ${quoted(about)}`;
}

function offered(values: Values): string {
  if (values === 'unknown') return '-f';
  if (values === 'files') return '-F';
  if (values === 'batches') return "-f -a '(onboard completion batches 2>/dev/null)'";
  return `-f -a ${quoted(values.join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
