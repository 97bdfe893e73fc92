/** `npm run types`: writes the dashboard's types of the API, from the document that the API itself gives. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { API_TYPES, apiTypes } from './api-types.ts'

writeFileSync(path.join(import.meta.dirname, '..', API_TYPES), await apiTypes())
console.log(`written   ${API_TYPES}`)
