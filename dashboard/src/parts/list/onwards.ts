/** Of a list that is full: the filter by which it goes on from its last row. */
export const onwards = (
  sort: string,
  { dueAt, createdAt }: { dueAt: string; createdAt: string },
): Record<string, string> =>
  sort.endsWith('dueAt')
    ? { [sort === 'dueAt' ? 'dueFrom' : 'dueTo']: dueAt }
    : { [sort === 'createdAt' ? 'createdFrom' : 'createdTo']: createdAt }
