import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Scope } from '../app/session.tsx'
import { useTexts } from '../i18n/preferences.tsx'
import { defineTexts } from '../i18n/texts.ts'
import { ActionButton } from './action-button.tsx'
import { Dialog } from './dialog.tsx'
import classes from './confirm-dialog.module.css'

interface ConfirmDialogProps {
  title: string
  /** What will be, and what cannot be taken back. */
  children: ReactNode
  /** What the button does, as a verb. */
  action: string
  needs: Scope | Scope[]
  unless?: string | null
  isBusy: boolean
  onConfirm(): void
  onClose(): void
}

/** Asks before what cannot be taken back. */
export const ConfirmDialog = (o: ConfirmDialogProps) => {
  const t = useTexts(texts)
  return (
    <Dialog onClose={o.onClose} title={o.title}>
      <div className={classes.dialog}>
        <div>{o.children}</div>
        <div className={classes.buttons}>
          <Button variant="default" onClick={o.onClose} data-autofocus>
            {t.leave}
          </Button>
          <ActionButton
            needs={o.needs}
            unless={o.unless}
            color="red.9"
            loading={o.isBusy}
            onClick={() => o.onConfirm()}
          >
            {o.action}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}

const texts = defineTexts({ leave: 'Leave it as it is' }, { leave: '그대로 두기' })
