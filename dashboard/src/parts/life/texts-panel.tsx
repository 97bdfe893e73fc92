import type { ReactNode } from 'react'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { Inert } from '../inert.tsx'
import { Panel } from '../page.tsx'
import { Empty } from '../query-view.tsx'
import classes from './life.module.css'
import { texts } from './texts.ts'

interface TextsPanelProps {
  title: string
  /** In their order, each under its name in the API. */
  shown: readonly { name: string; text: string }[]
  /** Where there is nothing. */
  none: string
  children?: ReactNode
}

/** Texts of others, each as it is, and never as what it could be: HTML is shown as its source. */
export const TextsPanel = ({ title, shown, none, children }: TextsPanelProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  return (
    <Panel title={title}>
      {shown.length === 0 && children === undefined && <Empty>{none}</Empty>}
      {shown.map(({ name, text }) => (
        <div key={name}>
          <h3 className={classes.field}>
            <code>{name}</code>
            <span className={classes.dimmed}>{t.characters(format.number(text.length))}</span>
          </h3>
          <Inert text={text} label={name} />
        </div>
      ))}
      {children}
    </Panel>
  )
}
