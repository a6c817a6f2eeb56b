/**
 * Whether a host name or address means this machine only: localhost, *.localhost, 127.0.0.0/8, ::1;
 * IPv6 with or without brackets. `0.0.0.0` and `::` mean every network and are not loopback.
 */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|::1)$/.test(name);
}
