import type { LaneKind } from './lanes'

/** Colours of the theme, read once for each theme. */
export interface Palette {
  readonly canvas: string
  readonly line: string
  readonly ink: string
  readonly soft: string
  readonly accent: string
  readonly selected: string
  readonly font: string
  readonly kinds: Readonly<Record<LaneKind, string>>
}

function paletteOf(element: Element): Palette {
  // A canvas takes no light-dark(), so an element resolves it.
  const probe = document.createElement('span')
  probe.hidden = true
  document.body.append(probe)
  const resolved = getComputedStyle(probe)
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`
    return resolved.color
  }
  const palette = {
    canvas: colour('canvas'),
    line: colour('line'),
    ink: colour('ink'),
    soft: colour('ink-soft'),
    accent: colour('accent'),
    selected: colour('selected'),
    font: `11px ${getComputedStyle(element).fontFamily}`,
    kinds: {
      scenes: colour('line-strong'),
      chapters: colour('ink-soft'),
      person: colour('info'),
      keywords: colour('good'),
      texts: colour('warn'),
      wave: colour('ink-faint'),
      speaker: colour('accent'),
      sound: colour('bad'),
    },
  }
  probe.remove()
  return palette
}

/** Give the colours of an element, also each time that the theme changes. Return a function that ends it. */
export function watchPalette(element: Element, use: (palette: Palette) => void): () => void {
  const read = (): void => use(paletteOf(element))
  const theme = new MutationObserver(read)
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'lang'] })
  const dark = matchMedia('(prefers-color-scheme: dark)')
  dark.addEventListener('change', read)
  read()
  return () => {
    theme.disconnect()
    dark.removeEventListener('change', read)
  }
}

/** Return the context of a canvas of a size in pixels of the page, whatever those of the screen are. */
export function contextOf(canvas: HTMLCanvasElement, wide: number, high: number): CanvasRenderingContext2D | null {
  const ratio = devicePixelRatio
  const [pixelsWide, pixelsHigh] = [Math.round(wide * ratio), Math.round(high * ratio)]
  if (canvas.width !== pixelsWide || canvas.height !== pixelsHigh) {
    canvas.width = pixelsWide
    canvas.height = pixelsHigh
  }
  const context = canvas.getContext('2d')
  context?.setTransform(ratio, 0, 0, ratio, 0, 0)
  return context
}
