/** Takes the oldest entry out of a map that has more than so many; called after each that is put in. */
export const bound = (map: Map<string, unknown>, most: number): void => {
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}
