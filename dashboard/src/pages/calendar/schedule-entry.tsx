import { Link } from '@tanstack/react-router'
import { useTexts } from '../../i18n/preferences.tsx'
import classes from './calendar.module.css'
import { texts } from './texts.ts'

export const ScheduleEntry = ({ name }: { name: string }) => {
  const t = useTexts(texts)
  return (
    <>
      <p>{t.recurs}</p>
      <div className={classes.buttons}>
        <Link to="/schedules/$name" params={{ name }}>
          {t.open}
        </Link>
      </div>
    </>
  )
}
