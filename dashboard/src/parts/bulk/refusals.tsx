import type { BulkOperation } from '../../api/types.ts'
import { InertLine } from '../inert.tsx'
import classes from './bulk.module.css'
import { SubjectLink } from './subject-link.tsx'

/** Why one of many is not changed. */
export type Refusal = NonNullable<BulkOperation['refusal']>

interface RefusalsProps {
  /** What they are, by its place in the API; an operation may be of one that only a newer server knows. */
  subject: string
  refusals: readonly Refusal[]
}

export const Refusals = ({ subject, refusals }: RefusalsProps) => (
  <ul className={classes.refusals}>
    {refusals.map(({ id, detail, errors }) => (
      <li key={id}>
        <SubjectLink subject={subject} id={id}>
          <code>{id}</code>
        </SubjectLink>{' '}
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
