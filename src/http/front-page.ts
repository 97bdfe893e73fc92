import type { Server } from './server.ts'

/** `GET /`: where everything is, for programs; browsers are sent on to the documentation. */
export function frontPage(app: Server, version: string): void {
  const index = { name: 'yeyak', version, docs: '/docs', openapi: '/openapi.json', health: '/healthz' }
  app.get(
    '/',
    { config: { access: 'public', lenient: true }, schema: { summary: 'Where everything is' } },
    (request, reply) => {
      reply.header('vary', 'Accept')
      if (isBrowser(request.headers.accept)) reply.redirect('/docs')
      else reply.send(index)
    },
  )
}

/** A browser asks for HTML by name; `*` alone, as curl sends it, does not. */
const isBrowser = (accept = ''): boolean =>
  accept.includes('text/html') && !/^\s*application\/json/u.test(accept)
