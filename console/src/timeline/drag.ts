/** What a pointer does on an element with a time axis. */
export interface Drag {
  /** Return the time at a pointer. */
  readonly timeAt: (event: MouseEvent) => number
  readonly start?: (time: number) => void
  readonly move: (from: number, time: number, event: PointerEvent) => void
  readonly end?: (time: number, event: PointerEvent, wasDragged: boolean) => void
  /** Called with `null` once the pointer has left. */
  readonly hover: (event: PointerEvent | null) => void
  readonly dragging: (isDragging: boolean) => void
  readonly wheel: (event: WheelEvent) => void
}

const DRAG_PIXELS = 4

/** Call back for pointers and wheels on an element. Return a function that ends it. */
export function dragged(element: HTMLElement, drag: Drag): () => void {
  const events = new AbortController()
  const { signal } = events
  let from: { readonly x: number; readonly time: number } | null = null
  let isDragging = false

  function set(on: boolean): void {
    isDragging = on
    drag.dragging(on)
  }
  function stop(): void {
    from = null
    set(false)
  }

  element.addEventListener('pointerdown', (event) => {
    if (event.button) return
    element.setPointerCapture(event.pointerId)
    from = { x: event.clientX, time: drag.timeAt(event) }
    drag.start?.(from.time)
  }, { signal })
  element.addEventListener('pointermove', (event) => {
    if (from && !isDragging && Math.abs(event.clientX - from.x) > DRAG_PIXELS) set(true)
    if (from && isDragging) drag.move(from.time, drag.timeAt(event), event)
    drag.hover(event)
  }, { signal })
  element.addEventListener('pointerup', (event) => {
    if (from) drag.end?.(drag.timeAt(event), event, isDragging)
    stop()
  }, { signal })
  element.addEventListener('pointercancel', stop, { signal })
  element.addEventListener('pointerleave', () => drag.hover(null), { signal })
  element.addEventListener('wheel', (event) => {
    event.preventDefault()
    drag.wheel(event)
  }, { signal, passive: false })
  return () => events.abort()
}
