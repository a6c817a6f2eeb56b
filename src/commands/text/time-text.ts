/** 75,000 ms is `1:15`, an hour more `1:01:15`. */
export function duration(ms: number): string {
  const total = Math.ceil(ms / 1000);
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor(total / 60) % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  const seconds = two(total % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}
