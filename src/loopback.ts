/**
 * Whether a host name or an address means this machine: localhost, *.localhost, 127.0.0.0/8 (also
 * mapped into IPv6) or ::1, with or without brackets. `0.0.0.0` and `::` mean every network.
 */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return /^(?:(?:.+\.)?localhost|(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/.test(name);
}
