import type { BulkOperation } from '../../api/types.ts'
import { InertLine } from '../inert.tsx'
import classes from './bulk.module.css'

/** Why one of many is not changed. */
export type Refusal = NonNullable<BulkOperation['refusal']>

export const Refusals = ({ refusals }: { refusals: readonly Refusal[] }) => (
  <ul className={classes.refusals}>
    {refusals.map(({ id, detail, errors }) => (
      <li key={id}>
        <code>{id}</code>{' '}
        {errors.length === 0 ? (
          <InertLine text={detail} most={200} />
        ) : (
          errors.map(({ path, message }) => (
            <span key={path}>
              <code>{path}</code> <InertLine text={message} most={200} />
            </span>
          ))
        )}
      </li>
    ))}
  </ul>
)
