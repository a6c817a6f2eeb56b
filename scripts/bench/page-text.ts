// The text of docs/benchmarks.md: sections that a run makes, and sections that stay as they are.

/** A section of the page: made by this run, or kept from the page as it is. */
export type Section = { text: string } | { kept: Kept };

/** Sections that a run keeps: a server of one's own, 30 minutes of pace, and those of 1,000,000 rows. */
export const keptNames = ['server', 'pace-shared', 'trips', 'apart'] as const;
type Kept = (typeof keptNames)[number];

const begin = (name: Kept) => `<!-- kept: ${name} -->`;
const END = '<!-- end of kept -->';

/** The text between the markers of a kept section. Throws where the page has no such section. */
export function keptSection(page: string, name: Kept): string {
  const from = page.indexOf(begin(name));
  const to = page.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error(`docs/benchmarks.md has no kept section ${name}`);
  return page.slice(from + begin(name).length, to).trim();
}

/** The new page; kept sections are the bytes that `page` has. */
export function pageOf(page: string, sections: readonly Section[]): string {
  const parts = sections.map((section) =>
    'text' in section
      ? section.text.trim()
      : `${begin(section.kept)}\n\n${keptSection(page, section.kept)}\n\n${END}`,
  );
  return `${parts.join('\n\n')}\n`;
}

/** A whole number as the page has it: 20,000. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
