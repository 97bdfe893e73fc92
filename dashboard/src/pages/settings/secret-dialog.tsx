import { Button, TextInput } from '@mantine/core'
import { useTexts } from '../../i18n/preferences.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { visible } from '../../parts/inert.tsx'
import classes from './settings.module.css'
import { showSecret, useShownSecret } from './shown-secret.ts'
import { texts } from './texts.ts'

/** The one time that a secret is seen. */
export const SecretDialog = () => {
  const t = useTexts(texts).secret
  const shown = useShownSecret()
  if (shown === null) return null
  const close = () => showSecret(null)
  return (
    <Dialog title={t.titles[shown.kind](visible(shown.name.slice(0, 80)))} size="lg" onClose={close}>
      <div className={classes.form}>
        <p className={classes.notice}>{t.once}</p>
        <div className={classes.secret}>
          <TextInput
            readOnly
            aria-label={t.label}
            value={shown.secret}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton text={shown.secret} />
        </div>
        <p className={classes.dimmed}>{t.use[shown.kind]}</p>
        <div className={classes.buttons}>
          <Button size="xs" onClick={close}>
            {t.kept}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
