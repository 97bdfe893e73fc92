export const LIMITS = {
  dataBytes: 256 * 1024,
  resultBytes: 256 * 1024,
  metadataBytes: 16 * 1024,
  key: 255,
  tags: 20,
  tag: 64,
  note: 1000,
  name: 100,
  search: 200,
} as const
