import type { Config, DefaultClient } from './surface.ts'

/** For `yeyak.config.ts`, so that the worker and the application register the same. Returns what it is given. */
export const defineConfig = <
  C = DefaultClient,
  const M extends string = never,
  const K extends string = never,
>(
  config: Config<C, M, K>,
): Config<C, M, K> => config
