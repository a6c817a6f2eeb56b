/**
 * Whether a host name or an address means this machine: localhost, *.localhost, 127.0.0.0/8 (also
 * mapped into IPv6) or ::1, with or without brackets. `0.0.0.0` and `::` mean every network.
 */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return /^(?:(?:.+\.)?localhost|(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/.test(name);
}

/** Headers by which a proxy says that it forwards a request. */
const FORWARDED = /^(?:forwarded|via|x-forwarded-.+|x-real-ip)$/;

/**
 * Whether a request is addressed to this machine and forwarded by nobody; names of headers are in
 * lower case. A web page can point its own name at 127.0.0.1 (DNS rebinding), which shows in the
 * Host header, and a proxy on this machine would let everybody in.
 */
export function isLocalRequest(headers: Readonly<Record<string, string>>): boolean {
  const { host = '' } = headers;
  const isForwarded = Object.keys(headers).some((name) => FORWARDED.test(name));
  return (
    !isForwarded && URL.canParse(`http://${host}`) && isLoopback(new URL(`http://${host}`).hostname)
  );
}

/**
 * Whether notifications may go to an address: `https://`, or `http://` for this machine, without user
 * and password. Checked where it is configured and again before each request, because a writer of
 * Redis can change it.
 */
export function isHookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  return isSafe && username === '' && password === '';
}
