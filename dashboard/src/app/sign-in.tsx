import { Alert, Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { credentials } from '../api/credentials.ts'
import { useTexts } from '../i18n/preferences.tsx'
import { defineTexts } from '../i18n/texts.ts'
import { ProblemText } from '../parts/problem-text.tsx'
import { Logo } from './logo.tsx'
import classes from './sign-in.module.css'

type Way = 'password' | 'key'

/** By password, which begins a session in a cookie, or by a key, which stays in this tab. */
export const SignIn = () => {
  const t = useTexts(texts)
  const client = useQueryClient()
  const [way, setWay] = useState<Way>('password')
  const [email, setEmail] = useState('')
  const [secret, setSecret] = useState('')
  const signIn = useMutation({
    mutationFn: async () => {
      if (way === 'password') return api.post('/v1/session', { body: { email, password: secret } })
      // Asked first, and kept only where it is good.
      return api.get('/v1/session', { key: secret.trim() })
    },
    onSuccess: (session) => {
      setSecret('')
      if (way === 'key') return credentials.takeKey(secret.trim())
      credentials.takeToken(session.csrfToken)
      return client.resetQueries()
    },
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={submit} noValidate>
        <Logo />
        <h1>{t.title}</h1>
        <SegmentedControl
          fullWidth
          aria-label={t.how}
          value={way}
          onChange={(next) => {
            setWay(next)
            setSecret('')
            signIn.reset()
          }}
          data={[
            { value: 'password', label: t.byPassword },
            { value: 'key', label: t.byKey },
          ]}
        />
        {way === 'password' && (
          <TextInput
            label={t.email}
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          label={way === 'password' ? t.password : t.key}
          description={way === 'key' ? t.keyHint : undefined}
          autoComplete={way === 'password' ? 'current-password' : 'off'}
          required
          value={secret}
          visibilityToggleButtonProps={{ 'aria-label': t.reveal }}
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
        {signIn.error !== null && (
          <Alert color="red" variant="light" role="alert">
            <ProblemText problem={signIn.error} />
          </Alert>
        )}
        <Button type="submit" loading={signIn.isPending} disabled={secret === ''}>
          {t.signIn}
        </Button>
      </form>
    </main>
  )
}

const texts = defineTexts(
  {
    title: 'Sign in',
    how: 'How to sign in',
    byPassword: 'Password',
    byKey: 'API key',
    email: 'E-mail',
    password: 'Password',
    key: 'API key',
    keyHint: 'Kept in this tab only, until it is closed.',
    reveal: 'Show what was typed',
    signIn: 'Sign in',
  },
  {
    title: '로그인',
    how: '로그인 방법',
    byPassword: '비밀번호',
    byKey: 'API 키',
    email: '이메일',
    password: '비밀번호',
    key: 'API 키',
    keyHint: '이 탭에만 보관되며 탭을 닫으면 사라집니다.',
    reveal: '입력 내용 보기',
    signIn: '로그인',
  },
)
