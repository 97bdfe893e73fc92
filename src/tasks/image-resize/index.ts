export { createImageResize, type ImageSettings } from './image-resize.ts'
