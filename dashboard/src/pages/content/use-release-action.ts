import { useQueryClient } from '@tanstack/react-query'
import { Problem } from '../../api/problem.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { stateTexts } from '../../parts/state-badge.tsx'
import { useAction } from '../../parts/use-action.ts'
import { type Release, releaseQuery } from './queries.ts'
import { texts } from './release-texts.ts'

export interface ReleaseAct {
  done: string
  call(ifMatch: number): Promise<Release | undefined>
  onDone?(): void
}

/** Does things to the version of a release that is shown; where another one is there by now, that one is shown, and said so. */
export const useReleaseAction = (release: Release) => {
  const t = useTexts(texts)
  const states: Record<string, string> = useTexts(stateTexts)
  const client = useQueryClient()
  const { queryKey } = releaseQuery(release.id)
  const action = useAction({
    run: ({ act, version }: { act: ReleaseAct; version: number }) => act.call(version),
    touches: [['releases'], ['content']],
    done: (_, { act }) => act.done,
    refused: (problem) => {
      if (!(problem instanceof Problem)) return null
      if (problem.code === 'version-conflict') return t.conflict
      if (problem.code === 'release-frozen') return t.frozenNow
      const state = String(problem.document['state'])
      return problem.code === 'already-final' ? t.tooLate(states[state] ?? state) : null
    },
    onDone: (changed, { act }) => {
      if (changed !== undefined) client.setQueryData(queryKey, changed)
      act.onDone?.()
    },
  })
  return {
    ...{ isPending: action.isPending, error: action.error },
    act: (act: ReleaseAct) => action.mutate({ act, version: release.version }),
  }
}

export type ReleaseAction = ReturnType<typeof useReleaseAction>
