import { type ReactNode, useEffect, useId } from 'react'
import classes from './parts.module.css'

interface PageProps {
  title: string
  /** Beside the title. */
  actions?: ReactNode
  children: ReactNode
}

/** A page: its title is the document's, too. */
export const Page = ({ title, actions, children }: PageProps) => {
  useEffect(() => {
    document.title = `${title} · Yeyak`
  }, [title])
  return (
    <div className={classes.page}>
      <header className={classes.pageHead}>
        <h1>{title}</h1>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

interface PanelProps {
  title: ReactNode
  hint?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** A part of a page with a heading of its own. */
export const Panel = ({ title, hint, actions, children }: PanelProps) => {
  const id = useId()
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <header className={classes.panelHead}>
        <div>
          <h2 id={id}>{title}</h2>
          {hint !== undefined && <p className={classes.dimmed}>{hint}</p>}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </section>
  )
}
