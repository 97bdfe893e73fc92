import { Type } from 'typebox'
import type { DataOf } from '../define.ts'
import { FORMATS } from './format.ts'

export const MOST_SIZES = 20
/** In pixels. A single one that is larger is of no use to a browser, and takes seconds of encoding. */
export const LARGEST_SIZE = 8192
const MOST_URL_CHARACTERS = 2048

/** What lets private addresses be fetched from; refusals name it. */
export const ALLOW_SETTING = 'YEYAK_IMAGE_ALLOW'

/** What `imageUrl` begins with where the image came with the request. */
export const UPLOAD = 'upload:'

export const dataSchema = Type.Object(
  {
    imageUrl: Type.String({
      pattern: `^(https?://|${UPLOAD})`,
      maxLength: MOST_URL_CHARACTERS,
      description:
        'Where the image is fetched from: http(s), at a public address. With a file in multipart/form-data it is left out.',
      examples: ['https://example.com/photo.jpg'],
    }),
    sizes: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: LARGEST_SIZE }), {
        minItems: 1,
        maxItems: MOST_SIZES,
        uniqueItems: true,
        default: [320, 640],
        description:
          'Widths in pixels; the height follows. An image that is narrower keeps its width: nothing is made larger.',
      }),
    ),
    format: Type.Optional(
      Type.Unsafe<(typeof FORMATS)[number] | null>({
        type: ['string', 'null'],
        enum: [...FORMATS, null],
        default: null,
        description: 'Of all sizes; null: that of the image.',
      }),
    ),
    quality: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'Of JPEG, WebP (80 where left out) and AVIF (50). PNG loses nothing, and takes none.',
      }),
    ),
    background: Type.Optional(
      Type.String({
        pattern: '^#[0-9A-Fa-f]{6}$',
        default: '#ffffff',
        description: 'What shows through in a JPEG, which knows no transparency.',
      }),
    ),
    keepMetadata: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Keeps EXIF (place and camera among it), XMP and the colour profile. Otherwise they are dropped, and colours are sRGB.',
      }),
    ),
  },
  { additionalProperties: false },
)

export type ResizeData = DataOf<typeof dataSchema>
