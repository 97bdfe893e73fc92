/** Who may do what: projects, API keys, users, sessions, and the check that every request passes. */
export { type Access, type AccessOptions, createAccess } from './access.ts'
export { type AccessTools, createAccessTools } from './tools.ts'
export { ROLES, SCOPES_OF } from './roles.ts'
