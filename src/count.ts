/** 10000 is `10,000`. The first use of a locale takes 15 ms, which small numbers do without. */
export function grouped(count: number): string {
  return count < 1000 ? String(count) : count.toLocaleString('en-US');
}

/** `1 person`, `2 people`. */
export function counted(count: number, one: string, many: string): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}
