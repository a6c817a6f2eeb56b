const MIB = 1024 * 1024;

/** 1,572,864 is `1.5 MiB`. */
export function mebibytes(bytes: number): string {
  const value = bytes / MIB;
  return `${value < 10 ? value.toFixed(1) : grouped(Math.round(value))} MiB`;
}

/** 10000 is `10,000`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 person`, `2 people`. */
export function counted(count: number, one: string, many: string): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}
