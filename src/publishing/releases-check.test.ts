import { expect, test } from 'vitest'
import type { Content } from './content-row.ts'
import { check, inOrder, repeated } from './releases-check.ts'
import type { ReleaseItem } from './repository-releases.ts'
import { createContentTypes } from './types.ts'

const types = createContentTypes([
  {
    name: 'post',
    schema: { type: 'object', required: ['title'], properties: { title: {} } },
    dependsOn: ['author', 'tag'],
  },
  { name: 'author', schema: { type: 'object' }, dependsOn: ['image'] },
  { name: 'image', schema: { type: 'object' }, dependsOn: ['post'] },
  { name: 'tag', schema: { type: 'object' } },
])
const item = (type: string, id: string, o: Partial<ReleaseItem> = {}): ReleaseItem => ({
  ...{ type, id, locale: '', action: 'publish', revision: null },
  ...o,
})
const content = (type: string, id: string): Content => ({
  ...{ key: `${type}-${id}`, projectId: 1, type, id, locale: '', slug: null, status: 'draft' },
  ...{ draftRevision: 1, liveRevision: null, publishedAt: null, dueAt: null, version: 1 },
  ...{ createdAt: new Date(0), updatedAt: new Date(0) },
})
const revision = (key: string, data: Record<string, unknown>) => ({ key, number: 1, data, sha256: '' })

test('what others depend on is published first, and taken away last; a circle does not hang', () => {
  const names = (items: readonly ReleaseItem[]) =>
    inOrder(
      types,
      items.map((one) => ({ item: one, content: content(one.type, one.id), revision: null })),
    ).map(({ item: { type } }) => type)
  expect(names([item('post', '1'), item('tag', '1')])).toEqual(['tag', 'post'])
  const unpublish = { action: 'unpublish' } as const
  expect(names([item('tag', '1', unpublish), item('post', '1', unpublish)])).toEqual(['post', 'tag'])
  expect(names([item('post', '1'), item('author', '1'), item('image', '1')])).toHaveLength(3)
})

test('every fault is told by the path of its item, and what is right is ready', () => {
  const items = [item('post', 'a'), item('post', 'b'), item('post', 'c'), item('nope', 'd'), item('tag', 'e')]
  const contents = new Map(
    [content('post', 'a'), content('post', 'b'), content('tag', 'e')].map((one) => [
      `${one.type}:${one.id}`,
      one,
    ]),
  )
  const revisions = new Map([
    ['post-a 1', revision('post-a', { title: 'x' })],
    ['post-b 1', revision('post-b', {})],
  ])
  const { ready, errors } = check(types, items, contents, revisions)
  expect(ready.map(({ item: { id } }) => id)).toEqual(['a'])
  expect(errors.map(({ path }) => path)).toEqual([
    'items[1].data.title',
    'items[2].id',
    'items[3].type',
    'items[4].revision',
  ])
  expect(errors[2]?.message.en).toBe('Unknown model: nope')
})

test('an item that is named twice is told of once, in each locale for itself', () => {
  expect(repeated([item('post', 'a'), item('post', 'a', { locale: 'ko' })])).toEqual([])
  expect(repeated([item('post', 'a'), item('post', 'b'), item('post', 'a')]).map(({ path }) => path)).toEqual(
    ['items[2].id'],
  )
})
