/**
 * Moves the code of a link, `/sign-in#CODE`, into its field, and out of the address bar and the
 * history. Sending it stays a click: a page that is only looked at uses up no code.
 */
export function fillCode(field: HTMLInputElement): void {
  const code = location.hash.slice(1);
  if (code === '') return;
  field.value = code;
  history.replaceState(null, '', location.pathname + location.search);
  field.form?.querySelector('button')?.focus();
}
