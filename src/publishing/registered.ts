import { YeyakError } from '../platform/errors.ts'
import { type ExternalModels, laneOfModel } from './external-model.ts'
import { RELEASE_LANE } from './repository-releases.ts'
import { type ContentType, type ContentTypes, createContentTypes, laneOfType, STORY } from './types.ts'

/**
 * `story` is there with nothing configured, unless somebody else has the name. Throws where a type is none. What is asked of
 * content is refused of models: `external-model`.
 */
export const registeredTypes = (
  declared: readonly ContentType[],
  models: ExternalModels = {},
): ContentTypes => {
  const names = new Set([...declared.map(({ name }) => name), ...Object.keys(models)])
  const shared = declared.find(({ name }) => Object.hasOwn(models, name))
  if (shared !== undefined) throw new Error(`"${shared.name}" is both a model and a content type`)
  const types = createContentTypes([...(names.has(STORY.name) ? [] : [STORY]), ...declared])
  return {
    ...types,
    require(name) {
      if (Object.hasOwn(models, name)) throw new YeyakError('external-model')
      return types.require(name)
    },
  }
}

/** All that a worker with these takes of publishing. */
export const publishingLanes = (types: ContentTypes, models: ExternalModels = {}): string[] => [
  ...types.names.map(laneOfType),
  ...Object.keys(models).map(laneOfModel),
  RELEASE_LANE,
]
