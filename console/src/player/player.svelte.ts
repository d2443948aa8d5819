import { frameAt, middleOf } from '../lib/times'
import { SHUTTLE, SPEEDS, stepped } from './shuttle'

/** Why a file does not play: no picture in it that this browser decodes, a format that it refuses, or no file. */
export type Problem = 'picture' | 'format' | 'network'

const VOLUME = 'scenedex.volume'
const CAPTIONS = 'scenedex.captions'
const USUAL_RATE = 25

/** A film that plays: its time, its range, and the commands of bar and keys. Times are milliseconds. */
export class Player {
  time = $state(0)
  duration = $state(0)
  isPlaying = $state(false)
  /** Speed of playback, which `[` and `]` change. */
  speed = $state(1)
  /** Speed of the shuttle while it runs. */
  shuttle = $state(0)
  volume = $state(Number(localStorage.getItem(VOLUME) ?? 1))
  isMuted = $state(false)
  hasCaptions = $state(localStorage.getItem(CAPTIONS) === 'on')
  rangeStart = $state<number | null>(null)
  rangeEnd = $state<number | null>(null)
  problem = $state<Problem | null>(null)
  /** True once a frame is shown. */
  isReady = $state(false)
  /** True while a part of the picture is chosen to search for. */
  isCutting = $state(false)
  /** Frames per second. */
  rate = $state(USUAL_RATE)
  /** Timecode of the first frame, empty without one. */
  startTimecode = $state('')
  #video: HTMLVideoElement | undefined
  #box: HTMLElement | undefined
  /** Time to go to once the seek that runs is over. */
  #wanted: number | null = null
  #stopAt: number | null = null
  #backwards = 0
  #start: number

  /** @param start time at which the film opens. */
  constructor(start = 0) {
    this.#start = this.time = start
  }

  /** Control a media element inside of a box, which the full screen shows. Return a function that lets go of it. */
  attach(video: HTMLVideoElement, box: HTMLElement): () => void {
    this.#video = video
    this.#box = box
    this.isReady = this.isPlaying = false
    this.problem = null
    this.#wanted = null
    video.volume = this.volume
    const events = new AbortController()
    const on = (name: string, run: () => void): void => video.addEventListener(name, run, { signal: events.signal })
    on('loadedmetadata', () => {
      this.duration = video.duration * 1000
      this.#start = this.time || this.#start
      video.playbackRate = this.speed
      if (this.#start > 0) this.seek(this.#start)
    })
    on('loadeddata', () => {
      this.isReady = true
      if (!video.videoWidth) this.problem = 'picture'
    })
    on('durationchange', () => (this.duration = Number.isFinite(video.duration) ? video.duration * 1000 : this.duration))
    on('play', () => (this.isPlaying = true))
    on('pause', () => (this.isPlaying = this.#backwards !== 0))
    on('timeupdate', () => this.#moved())
    on('seeked', () => this.#seeked())
    on('ended', () => this.#halt())
    on('error', () => (this.problem = video.error?.code === MediaError.MEDIA_ERR_NETWORK ? 'network' : 'format'))
    let frame = 0
    const follow = (): void => {
      if (this.isPlaying) this.#moved()
      frame = video.requestVideoFrameCallback(follow)
    }
    frame = video.requestVideoFrameCallback(follow)
    return () => {
      events.abort()
      video.cancelVideoFrameCallback(frame)
      cancelAnimationFrame(this.#backwards)
      this.#backwards = 0
      if (this.#video === video) this.#video = undefined
    }
  }

  /** Element that shows the film, if there is one. */
  get video(): HTMLVideoElement | undefined {
    return this.#video
  }

  async play(): Promise<void> {
    this.isCutting = false
    this.#endShuttle()
    const video = this.#video
    if (!video) return
    video.playbackRate = this.speed
    // The browser refuses to play if the page has not been used yet. The picture stays, and so does the button.
    await video.play().catch(() => undefined)
  }

  pause(): void {
    this.#endShuttle()
    this.#stopAt = null
    this.#video?.pause()
  }

  toggle(): void {
    if (this.isPlaying) this.pause()
    else void this.play()
  }

  /** Go to the frame at a time. */
  seek(milliseconds: number): void {
    const seconds = Math.min(this.duration || Infinity, Math.max(0, milliseconds)) / 1000
    this.#stopAt = null
    this.#show(Math.min(frameAt(seconds, this.rate), this.#lastFrame))
  }

  /** Go to a time and play. */
  async playFrom(milliseconds: number, until: number | null = null): Promise<void> {
    this.seek(milliseconds)
    this.#stopAt = until
    await this.play()
  }

  /** Play from the start of the range to its end. */
  async playRange(): Promise<void> {
    await this.playFrom(this.rangeStart ?? 0, this.rangeEnd)
  }

  skip(milliseconds: number): void {
    this.seek(this.time + milliseconds)
  }

  step(frames: number): void {
    this.pause()
    this.#show(Math.min(this.#lastFrame, Math.max(0, frameAt(this.time / 1000, this.rate) + frames)))
  }

  changeSpeed(steps: number): void {
    this.useSpeed(stepped(SPEEDS, this.speed, steps))
  }

  useSpeed(speed: number): void {
    this.speed = speed
    if (this.#video && !this.shuttle) this.#video.playbackRate = speed
  }

  /** Go faster or slower, and backwards below standing. */
  shuttleBy(steps: number): void {
    const now = this.shuttle || (this.isPlaying ? 1 : 0)
    const next = stepped(SHUTTLE, now, steps)
    this.#endShuttle()
    if (next === 0) return this.pause()
    this.shuttle = next
    if (next > 0 && this.#video) {
      this.#video.playbackRate = next
      void this.#video.play().catch(() => undefined)
    } else this.#playBackwards(-next)
  }

  setVolume(volume: number): void {
    this.volume = Math.min(1, Math.max(0, volume))
    localStorage.setItem(VOLUME, String(this.volume))
    if (this.#video) this.#video.volume = this.volume
    if (this.volume > 0 && this.isMuted) this.toggleMute()
  }

  toggleMute(): void {
    this.isMuted = !this.isMuted
    if (this.#video) this.#video.muted = this.isMuted
  }

  toggleCaptions(): void {
    this.hasCaptions = !this.hasCaptions
    localStorage.setItem(CAPTIONS, this.hasCaptions ? 'on' : 'off')
  }

  async toggleFullScreen(): Promise<void> {
    if (document.fullscreenElement) await document.exitFullscreen()
    else await this.#box?.requestFullscreen()
  }

  startRange(): void {
    this.setRange(this.time, this.rangeEnd !== null && this.rangeEnd > this.time ? this.rangeEnd : null)
  }

  endRange(): void {
    this.setRange(this.rangeStart !== null && this.rangeStart < this.time ? this.rangeStart : null, this.time)
  }

  setRange(start: number | null, end: number | null): void {
    this.rangeStart = start
    this.rangeEnd = end
  }

  get #lastFrame(): number {
    if (!this.duration) return Infinity
    return Math.max(0, Math.ceil((this.duration / 1000) * this.rate - 1e-3) - 1)
  }

  #show(frame: number): void {
    this.time = (frame / this.rate) * 1000
    const video = this.#video
    if (!video?.readyState) {
      this.#start = this.time
      return
    }
    // A decoder that is given one time after the other shows none of them.
    if (video.seeking) this.#wanted = middleOf(frame, this.rate)
    else video.currentTime = middleOf(frame, this.rate)
  }

  #seeked(): void {
    const video = this.#video
    if (video && this.#wanted !== null) {
      video.currentTime = this.#wanted
      this.#wanted = null
    }
  }

  #moved(): void {
    const video = this.#video
    if (!video || video.seeking || this.#wanted !== null || this.#backwards) return
    if (!video.paused) this.time = video.currentTime * 1000
    if (this.#stopAt !== null && this.time >= this.#stopAt) {
      const end = this.#stopAt
      this.pause()
      this.seek(end)
    }
  }

  #playBackwards(speed: number): void {
    this.#video?.pause()
    this.isPlaying = true
    const from = this.time
    const began = performance.now()
    const back = (now: number): void => {
      const time = Math.max(0, from - Math.max(0, now - began) * speed)
      if (!this.#video?.seeking) this.#show(frameAt(time / 1000, this.rate))
      if (time > 0) this.#backwards = requestAnimationFrame(back)
      else this.pause()
    }
    this.#backwards = requestAnimationFrame(back)
  }

  #endShuttle(): void {
    cancelAnimationFrame(this.#backwards)
    if (this.#backwards) this.isPlaying = false
    this.#backwards = 0
    this.shuttle = 0
    if (this.#video) this.#video.playbackRate = this.speed
  }

  #halt(): void {
    this.#endShuttle()
    this.isPlaying = false
    this.time = this.duration
  }
}
