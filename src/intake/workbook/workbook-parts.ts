import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { type ByteBudget, OverBudgetError } from './byte-budget.ts';
import { type XmlHandlers, XmlReader } from './xml-reader.ts';

/** Limit of the entries of an archive; a workbook has one for each sheet, picture and the like. */
const MAX_ENTRIES = 20_000;

interface Limits {
  budget: ByteBudget;
  signal?: AbortSignal | undefined;
}

/** The XML files in the archive of a workbook. Their names are never used as paths. */
export class WorkbookParts {
  readonly #archive: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #limits: Limits;

  private constructor(archive: ZipFile, entries: ReadonlyMap<string, Entry>, limits: Limits) {
    this.#archive = archive;
    this.#entries = entries;
    this.#limits = limits;
  }

  /** Reads the list of entries. Throws for anything but an archive; `close` must be called. */
  static async open(path: string, limits: Limits): Promise<WorkbookParts> {
    const archive = await openPromise(path, { autoClose: false });
    try {
      const entries = new Map<string, Entry>();
      for await (const entry of archive.eachEntry()) {
        const name = entry.fileName.toLowerCase();
        if (!entries.has(name)) entries.set(name, entry);
        if (entries.size > MAX_ENTRIES) throw new OverBudgetError('has too many files in it');
      }
      return new WorkbookParts(archive, entries, limits);
    } catch (error) {
      archive.close();
      throw error;
    }
  }

  /** Whether the archive has this file; letter case does not matter (OPC, 6.2.2.3). */
  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  /**
   * The text of a file in pieces, as it is inflated. The sizes that the archive states count
   * nothing: every inflated byte is taken from the budget.
   * @throws {OverBudgetError}; the reason of the signal when it aborts.
   */
  async *text(name: string): AsyncGenerator<string> {
    const entry = this.#entries.get(name.toLowerCase());
    if (entry === undefined) throw new Error('a part of the workbook is missing');
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const pieces: AsyncIterable<Buffer> = await this.#archive.openReadStreamPromise(entry);
    for await (const piece of pieces) {
      this.#limits.signal?.throwIfAborted();
      this.#limits.budget.spend(piece.length);
      yield decoder.decode(piece, { stream: true });
    }
    yield decoder.decode();
  }

  /** Reads a whole file. @throws {OverBudgetError}; for anything but XML. */
  async read(name: string, handlers: XmlHandlers): Promise<void> {
    const reader = new XmlReader(handlers, this.#limits.budget);
    for await (const piece of this.text(name)) reader.push(piece);
    reader.end();
  }

  close(): void {
    this.#archive.close();
  }
}
