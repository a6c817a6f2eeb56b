import type { Values, VerbModel } from './model.ts';

/**
 * Completion for bash, including 3.2 of macOS: no bash-completion package, no `compopt`. The
 * program that is being completed lists the ids of batches. `compgen -W` would run `$(…)` in a
 * word, so words are compared by the shell itself, and an id is offered only in its form.
 */
export function bashScript(verbs: readonly VerbModel[]): string {
  const names = verbs.map((verb) => verb.name).join(' ');
  return `# Completion of onboard for bash: source <(onboard completion bash)
_onboard_offer() {
  local word
  while IFS= read -r word; do
    if [ -n "$word" ] && [ "\${word:0:\${#cur}}" = "$cur" ]; then COMPREPLY+=("$word"); fi
  done
}
_onboard() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} verb=\${COMP_WORDS[1]}
  local words='' kind='' flags='' break=$'\\n'
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${names} --help'
    _onboard_offer <<< "\${words// /$break}"
    return
  fi
  case "$verb $prev" in
${verbs.flatMap(flagCases).join('\n')}
    *) case $verb in
${verbs.map(verbCase).join('\n')}
      esac
      if [ "\${cur:0:1}" = - ] || [ -z "$kind$words" ]; then words=$flags kind=''; fi ;;
  esac
  case $kind in
    batches) _onboard_offer < <("\${COMP_WORDS[0]}" completion batches 2>/dev/null |
      LC_ALL=C grep -E '^[a-zA-Z][a-zA-Z0-9_-]*$') ;;
    files) _onboard_offer < <(compgen -f -- "$cur") ;;
    *) _onboard_offer <<< "\${words// /$break}" ;;
  esac
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
