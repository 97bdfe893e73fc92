/** Who did something, as events keep it. */
export interface Actor {
  /**
   * `anonymous`: an open server asks nobody who he is. `application`: one that has Yeyak inside. `queue`: another program, by a
   * queue. `operator`: a command on the database. `schedule`: a recurring one.
   */
  kind: 'key' | 'user' | 'anonymous' | 'application' | 'queue' | 'operator' | 'schedule'
  /** Of the key or the user; the name of the queue or the command. */
  id: string | null
  /** The address that the request came from. */
  from?: string
}

/** On whose behalf something is done, and in which project: everything belongs to one. */
export interface By {
  projectId: number
  actor: Actor
}
