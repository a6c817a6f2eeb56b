/** Longest atom or label that the portal's IDN test takes. */
const MOST_LABEL = 63;
/** Printable ASCII without what the portal's pattern leaves out. */
const ATOM = /^[^\s<>()[\]\\,;:@"\u0080-\uffff]+$/;
const LABEL = /^[a-z0-9-]+$/i;
const TOP_LEVEL = /^[a-z]{2,}$/i;

/**
 * Whether POST /people/invite takes an address that POST /people has taken (P-INVITE-05). One that
 * it refuses ends the request for everybody after it. The portal runs its test of domain names over
 * the whole address, so that atoms of the local part count as labels.
 */
export function isInvitable(email: string): boolean {
  const at = email.lastIndexOf('@');
  const atoms = email.slice(0, at).split('.');
  const labels = email.slice(at + 1).split('.');
  const isWellFormed =
    atoms.every((atom) => ATOM.test(atom)) &&
    labels.every((label) => LABEL.test(label)) &&
    TOP_LEVEL.test(labels.at(-1) ?? '');
  if (!isWellFormed || labels.length < 2) return false;
  const around = `${atoms.at(-1)}@${labels[0]}`;
  return around.length <= MOST_LABEL && [...atoms, ...labels].every(isPlainLabel);
}

/** Names with `--` as third and fourth character are encodings, such as `xn--`. */
function isPlainLabel(label: string): boolean {
  return label.length <= MOST_LABEL && !/^-|-$|^..--/.test(label);
}
