import { Problem } from '../api/problem.ts'
import { useTexts } from '../i18n/preferences.tsx'
import { defineTexts } from '../i18n/texts.ts'
import classes from './parts.module.css'

/** What a refusal says, in the language of the page: the server's own words, or ours where it said nothing. */
export const useProblemText = (): ((problem: unknown) => string) => {
  const t = useTexts(texts)
  return (problem) => {
    if (!(problem instanceof Problem)) return t.unexpected
    if (problem.code === 'unreachable') return t.unreachable
    if (problem.code === 'timed-out') return t.late
    return problem.document.detail ?? problem.document.title ?? t.status(problem.status)
  }
}

export const ProblemText = ({ problem }: { problem: unknown }) => {
  const t = useTexts(texts)
  const say = useProblemText()
  const document = problem instanceof Problem ? problem.document : {}
  return (
    <div className={classes.problem}>
      <p>{say(problem)}</p>
      {document.errors !== undefined && document.errors.length > 0 && (
        <ul>
          {document.errors.map(({ path, message, suggestion }) => (
            <li key={`${path} ${message}`}>
              <code>{path}</code> {message} {suggestion !== undefined && t.perhaps(suggestion)}
            </li>
          ))}
        </ul>
      )}
      {document.requestId !== undefined && (
        <p className={classes.dimmed}>
          {t.request} <code>{document.requestId}</code>
        </p>
      )}
    </div>
  )
}

const texts = defineTexts(
  {
    unexpected: 'Something went wrong in the dashboard itself.',
    unreachable: 'The server does not answer. It may be restarting, or the network is down.',
    late: 'The server has not answered in time.',
    status: (status: number) => `The server answered ${status}.`,
    perhaps: (suggestion: string) => `Perhaps: ${suggestion}`,
    request: 'Request',
  },
  {
    unexpected: '대시보드에서 오류가 발생했습니다.',
    unreachable: '서버가 응답하지 않습니다. 재시작 중이거나 네트워크가 끊겼을 수 있습니다.',
    late: '서버가 제시간에 응답하지 않았습니다.',
    status: (status) => `서버가 ${status}(으)로 응답했습니다.`,
    perhaps: (suggestion) => `혹시: ${suggestion}`,
    request: '요청',
  },
)
