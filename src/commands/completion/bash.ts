import type { Values, VerbModel } from './model.ts';

/**
 * Completion for bash, including 3.2 of macOS: no bash-completion package, no `compopt`. The
 * program that is being completed lists the ids of batches.
 */
export function bashScript(verbs: readonly VerbModel[]): string {
  const names = verbs.map((verb) => verb.name).join(' ');
  return `# Completion of onboard for bash: source <(onboard completion bash)
_onboard() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} verb=\${COMP_WORDS[1]}
  local IFS=$' \\t\\n' words='' kind='' flags=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${names} --help' -- "$cur"))
    return
  fi
  case "$verb $prev" in
${verbs.flatMap(flagCases).join('\n')}
    *) case $verb in
${verbs.map(verbCase).join('\n')}
      esac
      if [ "\${cur:0:1}" = - ] || [ -z "$kind$words" ]; then words=$flags kind=''; fi ;;
  esac
  if [ "$kind" = batches ]; then words="$("\${COMP_WORDS[0]}" completion batches 2>/dev/null)"; fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  if [ "$kind" = files ]; then
    IFS=$'\\n'
    COMPREPLY+=($(compgen -f -- "$cur"))
  fi
}
complete -o filenames -F _onboard onboard
`;
}

/** After a flag that takes a value, only values are offered. */
function flagCases({ name, flags }: VerbModel): string[] {
  return flags.flatMap(({ flag, values }) => {
    return values === undefined ? [] : [`    '${name} ${flag}') ${setting(values)} ;;`];
  });
}

function verbCase({ name, flags, values = 'unknown' }: VerbModel): string {
  const names = flags.map(({ flag }) => flag).join(' ');
  return `      ${name}) ${setting(values)}; flags='${names}' ;;`;
}

function setting(values: Values): string {
  if (values === 'unknown') return ':';
  return typeof values === 'string' ? `kind=${values}` : `words='${values.join(' ')}'`;
}
