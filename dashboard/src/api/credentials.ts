/**
 * Who the page speaks as. A person's session is a cookie that no script can read; a key is kept in this tab alone, until it is
 * closed. The token against forged requests is kept nowhere: it comes with the session.
 */
const KEY = 'yeyak.key'
const PROJECT = 'yeyak.project'

let csrfToken: string | null = null
const listeners = new Set<() => void>()

const read = (name: string): string | null => {
  try {
    return sessionStorage.getItem(name)
  } catch {
    return null
  }
}

const write = (name: string, value: string | null): void => {
  try {
    if (value === null) sessionStorage.removeItem(name)
    else sessionStorage.setItem(name, value)
  } catch {
    // A browser that keeps nothing asks again after a reload.
  }
}

let key = read(KEY)
let project = read(PROJECT)

const changed = (): void => {
  for (const listener of listeners) listener()
}

export const credentials = {
  get hasKey(): boolean {
    return key !== null
  },
  get project(): string | null {
    return project
  },
  takeKey(next: string | null): void {
    if (key === next) return
    key = next
    write(KEY, next)
    changed()
  },
  enterProject(name: string | null): void {
    if (project === name) return
    project = name
    write(PROJECT, name)
    changed()
  },
  takeToken(token: string | null): void {
    csrfToken = token
  },
  /** Told whenever another caller, or another project, is spoken for. */
  onChange(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  headers(method: string): Record<string, string> {
    if (key !== null) return { authorization: `Bearer ${key}` }
    return {
      ...(project !== null && { 'yeyak-project': project }),
      ...(csrfToken !== null && method !== 'GET' && { 'x-csrf-token': csrfToken }),
    }
  },
}
