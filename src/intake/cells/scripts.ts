/** Scripts with letters that look like those of another one in the list. */
const lookalikes = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u] as const;

const ASCII = /^[\x20-\x7e]*$/;

/**
 * Whether the part before the @ mixes Latin, Cyrillic and Greek letters, as `\u0430nna` does, whose
 * first letter is Cyrillic. Such an address is mostly a slip of the keyboard, or somebody's trick.
 */
export function mixesScripts(email: string): boolean {
  const local = email.slice(0, Math.max(email.lastIndexOf('@'), 0));
  if (ASCII.test(local)) return false;
  return lookalikes.filter((script) => script.test(local)).length > 1;
}
