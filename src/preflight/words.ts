import { grouped } from '../count.ts';

const MIB = 1024 * 1024;

/** 1,572,864 is `1.5 MiB`. */
export function mebibytes(bytes: number): string {
  const value = bytes / MIB;
  return `${value < 10 ? value.toFixed(1) : grouped(Math.round(value))} MiB`;
}
