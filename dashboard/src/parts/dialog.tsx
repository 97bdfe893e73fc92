import { Modal, type ModalRootProps } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { useTexts } from '../i18n/preferences.tsx'
import { defineTexts } from '../i18n/texts.ts'
import classes from './dialog.module.css'

interface DialogProps {
  opened?: boolean
  title: string
  size?: ModalRootProps['size']
  onClose(): void
  children: ReactNode
}

/** A dialog: its head is no second banner of the page, its cross has a name, and who leaves it is where he was before. */
export const Dialog = ({ opened = true, title, size = 'md', onClose, children }: DialogProps) => {
  const t = useTexts(texts)
  // Most dialogs are there only while they are open: then nobody else gives back what it has taken.
  const [opener] = useState(() => (opened ? document.activeElement : null))
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    },
    [opener],
  )
  return (
    <Modal.Root opened={opened} onClose={onClose} size={size} centered>
      <Modal.Overlay backgroundOpacity={0.45} />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t.close} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

const texts = defineTexts({ close: 'Close this dialog' }, { close: '대화 상자 닫기' })
