import { Button } from '@mantine/core'
import { useFormat } from '../../i18n/preferences.tsx'
import classes from './list.module.css'

interface NewerProps {
  count: number
  say(count: string): string
  onLook(): void
}

/** What is new is offered above the rows, and pushes none of them away. */
export const Newer = ({ count, say, onLook }: NewerProps) => {
  const format = useFormat()
  return count === 0 ? null : (
    <div className={classes.newer} role="status">
      <Button size="xs" variant="light" onClick={onLook}>
        {say(format.number(count))}
      </Button>
    </div>
  )
}
