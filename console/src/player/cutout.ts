/** Part of a picture, in fractions of its width and height. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

interface Size {
  readonly width: number
  readonly height: number
}

/** Return the place of a picture that is shown as a whole in the middle of a frame, in pixels of the frame. */
export function shownAt(frame: Size, picture: Size): Box {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height)
  const [width, height] = [picture.width * scale, picture.height * scale]
  return { left: (frame.width - width) / 2, top: (frame.height - height) / 2, width, height }
}

/** Return the part of a picture between two points of its frame, or `null` if it is too small to be meant. */
export function boxBetween(shown: Box, from: readonly [number, number], to: readonly [number, number]): Box | null {
  const inside = (value: number, start: number, length: number): number => Math.min(1, Math.max(0, (value - start) / length))
  const [x1, x2] = [from[0], to[0]].map((x) => inside(x, shown.left, shown.width)).sort((a, b) => a - b) as [number, number]
  const [y1, y2] = [from[1], to[1]].map((y) => inside(y, shown.top, shown.height)).sort((a, b) => a - b) as [number, number]
  if ((x2 - x1) * shown.width < LEAST_PIXELS || (y2 - y1) * shown.height < LEAST_PIXELS) return null
  return { left: x1, top: y1, width: x2 - x1, height: y2 - y1 }
}

/**
 * Return a part of the frame that a video shows, as a JPEG.
 *
 * Throw a `SecurityError` if the video is of another server that does not permit this page to read it.
 */
export async function cutOut(video: HTMLVideoElement, box: Box): Promise<File> {
  try {
    return await drawn(video, box)
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'SecurityError')) throw error
  }
  // A player that asked for permission would play nothing from a storage that gives none, so only a copy asks.
  const copy = await permittedCopy(video)
  try {
    return await drawn(copy, box)
  } finally {
    copy.removeAttribute('src')
    copy.load()
  }
}

async function permittedCopy(video: HTMLVideoElement): Promise<HTMLVideoElement> {
  const copy = document.createElement('video')
  copy.crossOrigin = 'anonymous'
  copy.muted = true
  copy.preload = 'auto'
  const time = video.currentTime
  await new Promise((shown, refused) => {
    copy.onerror = () => refused(new DOMException('', 'SecurityError'))
    copy.onloadedmetadata = () => (copy.currentTime = time)
    copy.onseeked = shown
    copy.src = video.currentSrc
  })
  return copy
}

async function drawn(video: HTMLVideoElement, box: Box): Promise<File> {
  const [width, height] = [box.width * video.videoWidth, box.height * video.videoHeight]
  const scale = Math.max(1, LEAST_SIDE / Math.min(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  const context = canvas.getContext('2d')
  context?.drawImage(video, box.left * video.videoWidth, box.top * video.videoHeight, width, height, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.92))
  if (!blob) throw new Error('The picture cannot be written.')
  return new File([blob], 'part.jpg', { type: blob.type })
}

const LEAST_PIXELS = 8
/** Engines see little in smaller pictures, in pixels. */
const LEAST_SIDE = 160
