import { Button, type ButtonProps, Tooltip } from '@mantine/core'
import type { MouseEvent, ReactNode } from 'react'
import { type Scope, usePermission } from '../app/session.tsx'

interface ActionButtonProps extends ButtonProps {
  /** The scopes that the server will ask for. */
  needs: Scope | Scope[]
  /** Why it makes no sense just now, where it does not. */
  unless?: string | null | undefined
  onClick(event: MouseEvent<HTMLButtonElement>): void
  children: ReactNode
  'aria-label'?: string
}

/**
 * A button that can be reached, and says why, also where it cannot be used. The second click of a double click is no other
 * action: it would lose a race against the first, or confirm what nobody has read yet.
 */
export const ActionButton = ({ needs, unless, onClick, children, ...rest }: ActionButtonProps) => {
  const permission = usePermission(...[needs].flat())
  const reason = permission.reason ?? unless ?? null
  const button = (
    <Button
      {...rest}
      {...(reason !== null && { 'data-disabled': true, 'aria-disabled': true, title: undefined })}
      onClick={(event) => {
        if (reason === null && event.detail < 2) onClick(event)
        else event.preventDefault()
      }}
    >
      {children}
    </Button>
  )
  return reason === null ? button : <Tooltip label={reason}>{button}</Tooltip>
}
