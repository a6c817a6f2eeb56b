import { constants, crc32, deflateRawSync } from 'node:zlib';

/** A cell: text, or its XML after `<c r="A1"`. */
export type Cell = string | { xml: string };

const NAMESPACE = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** An XLSX workbook with these sheets, visible by default; `null` is a row without cells. */
export function workbook(
  sheets: Record<string, readonly (readonly Cell[] | null)[]>,
  states: Record<string, 'hidden' | 'veryHidden'> = {},
): Buffer {
  const names = Object.keys(sheets);
  const entries = names.map((name, index) => [
    `xl/worksheets/sheet${index + 1}.xml`,
    sheet(sheets[name] ?? []),
  ]);
  const list = names.map(
    (name, i) =>
      `<sheet name="${name}" state="${states[name] ?? 'visible'}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`,
  );
  const related = names.map(
    (_, i) =>
      `<Relationship Id="rId${i + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
  );
  return zip({
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    'xl/workbook.xml': `<workbook xmlns="${NAMESPACE}" xmlns:r="${RELATIONS}"><sheets>${list.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${related.join('')}</Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${NAMESPACE}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
    ...Object.fromEntries(entries),
  });
}

function sheet(rows: readonly (readonly Cell[] | null)[]): string {
  const written = rows.map((cells, row) => {
    const inside = (cells ?? []).map((cell, column) =>
      cellXml(cell, `${letter(column)}${row + 1}`),
    );
    return cells === null ? '' : `<row r="${row + 1}">${inside.join('')}</row>`;
  });
  return `<worksheet xmlns="${NAMESPACE}"><sheetData>${written.join('')}</sheetData></worksheet>`;
}

const letter = (column: number): string => String.fromCharCode(65 + column);

function cellXml(cell: Cell, at: string): string {
  if (typeof cell !== 'string') return `<c r="${at}"${cell.xml}</c>`;
  if (cell === '') return '';
  const text = cell.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
}

/** A workbook whose only sheet, and whose shared texts if any, are this XML. */
export function rawWorkbook(parts: {
  sheet: ZipContent;
  sharedStrings?: ZipContent;
  styles?: string;
}): Buffer {
  const { sheet: xml, sharedStrings, styles = '<styleSheet/>' } = parts;
  return zip({
    'xl/workbook.xml': `<workbook xmlns:r="${RELATIONS}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${['worksheet', 'sharedStrings', 'styles']
      .map(
        (kind, i) =>
          `<Relationship Id="rId${i + 1}" Type="${RELATIONS}/${kind}" Target="${kind}.xml"/>`,
      )
      .join('')}</Relationships>`,
    'xl/styles.xml': styles,
    'xl/worksheet.xml': xml,
    ...(sharedStrings === undefined ? {} : { 'xl/sharedStrings.xml': sharedStrings }),
  });
}

/** The XML of a sheet with these rows. */
export function sheetXml(rows: string): string {
  return `<worksheet xmlns="${NAMESPACE}"><sheetData>${rows}</sheetData></worksheet>`;
}

/** A file of an archive: its text, or its deflated bytes with the size that they claim. */
type ZipContent = string | { data: Buffer; size: number };

const MEBIBYTE = 1_048_576;

/**
 * A deflated text of `head`, then `mebibytes` of `unit` again and again, then `tail`: the small file
 * that inflates to gigabytes. One mebibyte is compressed and its bytes are repeated.
 */
export function repeated(
  { head, unit, tail }: { head: string; unit: string; tail: string },
  mebibytes: number,
): { data: Buffer; size: number } {
  const deflate = (text: string, finishFlush: number) => deflateRawSync(text, { finishFlush });
  const { Z_FULL_FLUSH, Z_FINISH } = constants;
  const block = unit.repeat(Math.ceil(MEBIBYTE / unit.length));
  const compressed = deflate(block, Z_FULL_FLUSH);
  const middle = Array.from({ length: mebibytes }, () => compressed);
  const data = Buffer.concat([deflate(head, Z_FULL_FLUSH), ...middle, deflate(tail, Z_FINISH)]);
  return { data, size: head.length + mebibytes * block.length + tail.length };
}

function contentOf(content: ZipContent) {
  if (typeof content !== 'string') return { ...content, crc: 0 };
  return { data: deflateRawSync(content), size: Buffer.byteLength(content), crc: crc32(content) };
}

/** A ZIP archive with these files (APPNOTE.TXT 4.3). */
export function zip(files: Record<string, ZipContent>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const { data, size, crc } = contentOf(content);
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, path, data]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const made = Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1');
    centrals.push(Buffer.concat([made, common, place, path]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}
