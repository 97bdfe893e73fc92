import { Modal, type ModalRootProps } from '@mantine/core'
import type { ReactNode } from 'react'
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

/** A dialog: its head is no second banner of the page, and its cross has a name. */
export const Dialog = ({ opened = true, title, size = 'md', onClose, children }: DialogProps) => {
  const t = useTexts(texts)
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
