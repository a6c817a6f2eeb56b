import type { FlagModel, Values, VerbModel } from './model.ts';

/** Completion for zsh, on its own `_arguments`: flags with their descriptions. */
export function zshScript(verbs: readonly VerbModel[]): string {
  const described = verbs.map(({ name, about }) => `    ${quoted(`${name}:${about}`)}`);
  return `#compdef onboard
# Completion of onboard for zsh: source <(onboard completion zsh)
_onboard_batches() {
  local -a ids
  ids=(\${(f)"$(\${(Q)program} completion batches 2>/dev/null)"})
  compadd -a ids
}
_onboard() {
  local program=$words[1] curcontext=$curcontext state line
  local -a verbs
  verbs=(
${described.join('\n')}
  )
  _arguments -C '1:command:->verb' '*::argument:->rest' && return
  if [[ $state == verb ]]; then
    _describe command verbs
    return
  fi
  case $words[1] in
${verbs.map(verbCase).join('\n')}
  esac
}
if [ "$funcstack[1]" = _onboard ]; then _onboard "$@"; else compdef _onboard onboard; fi
`;
}

function verbCase({ name, flags, values, isMany }: VerbModel): string {
  const specs = flags.map(flagSpec);
  if (values !== undefined) specs.push(quoted(`${isMany ? '*' : '1'}: :${action(values)}`));
  const lines = specs.map((spec) => `      ${spec}`);
  return `    ${name}) _arguments \\\n${lines.join(' \\\n')} ;;`;
}

function flagSpec({ flag, about, values }: FlagModel): string {
  const value = values === undefined ? '' : `: :${action(values)}`;
  return quoted(`${flag}[${about.replace(/[[\]\\]/g, '\\$&')}]${value}`);
}

function action(values: Values): string {
  if (values === 'unknown') return ' ';
  if (values === 'files') return '_files';
  return values === 'batches' ? '_onboard_batches' : `(${values.join(' ')})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
