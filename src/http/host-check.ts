const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether a `Host` header names this very machine. An open server asks for it, since a web page from elsewhere can
 * point a name of its own at 127.0.0.1 and then talk to whatever listens here (DNS rebinding).
 */
export function isLocalHost(host: string): boolean {
  return LOCAL.has(host.replace(/:\d{1,5}$/u, '').toLowerCase())
}
