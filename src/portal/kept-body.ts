const HEAD_BYTES = 256 * 1024;
const TAIL_BYTES = 4 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * A body in constant memory: its first 256 KiB and its last 4 KiB. Answers of the portal are a few
 * KB, but an invite lists everybody pending, some 700 bytes each (P-INVITE-08): 70 MB for
 * 100,000 people, of which only the two ends matter.
 */
export class KeptBody {
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer = NOTHING;
  #totalBytes = 0;

  push(piece: Buffer): void {
    this.#totalBytes += piece.length;
    const room = HEAD_BYTES - this.#headBytes;
    if (room > 0) {
      const taken = Buffer.from(piece.subarray(0, room));
      this.#head.push(taken);
      this.#headBytes += taken.length;
    }
    if (piece.length > room) this.#keepTail(piece.subarray(Math.max(room, 0)));
  }

  #keepTail(piece: Buffer): void {
    const joined = piece.length < TAIL_BYTES ? Buffer.concat([this.#tail, piece]) : piece;
    this.#tail = Buffer.from(joined.subarray(-TAIL_BYTES));
  }

  /** The text, and how many bytes are missing between its two ends. */
  read(): { body: string; elidedBytes?: number | undefined } {
    const [first] = this.#head;
    const isWhole = first !== undefined && first.length === this.#totalBytes;
    const bytes = isWhole ? first : Buffer.concat([...this.#head, this.#tail]);
    const body = bytes.toString('utf8');
    const elidedBytes = this.#totalBytes - bytes.length;
    return { body, elidedBytes: elidedBytes > 0 ? elidedBytes : undefined };
  }
}
