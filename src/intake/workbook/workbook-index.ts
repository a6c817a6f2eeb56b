import type { WorkbookParts } from './workbook-parts.ts';
import type { Attributes } from './xml-reader.ts';

const WORKBOOK = 'xl/workbook.xml';
const RELATIONS = 'xl/_rels/workbook.xml.rels';

/** Limit of the sheets of a workbook. */
const MAX_SHEETS = 10_000;

export interface SheetEntry {
  name: string;
  /** Name of its part; undefined for a sheet without cells, such as a chart. */
  part: string | undefined;
  isHidden: boolean;
}

/** Everything about a workbook but its cells. */
export interface WorkbookIndex {
  /** In the order of the tabs. */
  sheets: readonly SheetEntry[];
  /** Whether dates count from 1904 instead of 1900. */
  isFrom1904: boolean;
  /** Parts that a workbook may lack. */
  sharedStrings: string;
  styles: string;
}

/** Reads the list of sheets, and which part holds what. */
export async function readIndex(parts: WorkbookParts): Promise<WorkbookIndex> {
  const relations = await readRelations(parts);
  const sheets: SheetEntry[] = [];
  let isFrom1904 = false;
  await parts.read(WORKBOOK, {
    open: (name, attributes) => {
      if (name === 'workbookPr') isFrom1904 = isTrue(attributes.get('date1904'));
      if (name !== 'sheet') return;
      sheets.push(sheetFrom(attributes, relations.sheets));
      if (sheets.length > MAX_SHEETS) throw new Error('the workbook has too many sheets');
    },
  });
  return { sheets, isFrom1904, ...relations.others };
}

function sheetFrom(attributes: Attributes, parts: ReadonlyMap<string, string>): SheetEntry {
  const part = parts.get(attributes.get('id') ?? '');
  const state = attributes.get('state') ?? 'visible';
  return { name: unescaped(attributes.get('name') ?? ''), part, isHidden: state !== 'visible' };
}

/** Parts by the id and by the kind of their relation, which the strict form spells differently. */
async function readRelations(parts: WorkbookParts) {
  const sheets = new Map<string, string>();
  const others = { sharedStrings: 'xl/sharedStrings.xml', styles: 'xl/styles.xml' };
  await parts.read(RELATIONS, {
    open: (_, attributes) => {
      const kind = attributes.get('Type')?.split('/').at(-1) ?? '';
      const target = attributes.get('Target') ?? '';
      const part = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
      if (kind === 'worksheet') sheets.set(attributes.get('Id') ?? '', part);
      else if (kind === 'sharedStrings' || kind === 'styles') others[kind] = part;
      if (sheets.size > MAX_SHEETS) throw new Error('the workbook has too many sheets');
    },
  });
  return { sheets, others };
}

/** A switch in XML (xsd:boolean). */
export function isTrue(text: string | undefined): boolean {
  return text === '1' || text === 'true';
}

/** Text with `_x0041_` in place of characters that XML cannot have (ECMA-376, 22.9.2.19). */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}
