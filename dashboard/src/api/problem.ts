/** The part of a problem document that is shown or decided by. */
interface ProblemDocument {
  code?: string
  title?: string
  detail?: string
  requestId?: string
  errors?: { path: string; message: string; suggestion?: string }[]
  [member: string]: unknown
}

/** Why a call was not done. `code` is the API's, or `unreachable` or `timed-out` where nothing was answered. */
export class Problem extends Error {
  readonly code: string
  /** 0 where nothing was answered. */
  readonly status: number
  readonly document: ProblemDocument

  constructor(status: number, document: ProblemDocument) {
    super(document.detail ?? document.title ?? document.code ?? String(status))
    this.name = 'Problem'
    this.status = status
    this.code = document.code ?? (status === 0 ? 'unreachable' : 'internal')
    this.document = document
  }

  /** Trying the same once more may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

/** Of an answer that is not a success, whoever gave it: a proxy in between knows nothing of problem documents. */
export const readProblem = async (response: Response): Promise<Problem> => {
  const document: unknown = await response.json().catch(() => null)
  const isDocument = typeof document === 'object' && document !== null
  return new Problem(response.status, isDocument ? { ...document } : { title: response.statusText })
}
