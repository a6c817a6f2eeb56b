/** 10000 is `10,000`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 person`, `2 people`. */
export function counted(count: number, one: string, many: string): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}
