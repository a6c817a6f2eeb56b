type Values = Readonly<Record<string, string | undefined>>;

const NAMES = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'] as const;

/** The variables of proxies under their upper-case names; as in curl, lower case takes precedence. */
export function proxyVariables(env: Values): Record<string, string> {
  const found = NAMES.map((name) => [name, env[name.toLowerCase()] ?? env[name]] as const);
  return Object.fromEntries(
    found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Whether a text is the address of a proxy: `http://`, `https://`, or only host and port. */
export function isProxy(text: string): boolean {
  return proxyUrl(text) !== undefined;
}

/** The address of a proxy, with a scheme; undefined for one that cannot be used. */
export function proxyUrl(text: string): URL | undefined {
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  if (!/^https?:$/.test(url.protocol) || url.hostname === '') return undefined;
  try {
    decodeURIComponent(url.username + url.password);
    return url;
  } catch {
    return undefined;
  }
}
