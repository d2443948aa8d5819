/** Name of a highlight, which `highlights.css` has the looks of. */
export type HighlightName = 'spoken' | 'found' | 'cursor' | 'doubtful'

/** Part of a text, from a character to another. */
export interface Part {
  readonly node: Node | null | undefined
  readonly from: number
  readonly to: number
}

/** Mark parts of texts without an element for each. Browsers without highlights show the texts alone. */
export function highlight(name: HighlightName, parts: readonly Part[]): void {
  if (!('highlights' in CSS)) return
  const ranges = parts.flatMap(({ node, from, to }) => {
    if (!(node instanceof Text) || to > node.length) return []
    return new StaticRange({ startContainer: node, startOffset: from, endContainer: node, endOffset: to })
  })
  if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges))
  else CSS.highlights.delete(name)
}

/** Return the place in a text at a point of the window, or -1. */
export function placeAt(node: Node | null | undefined, x: number, y: number): number {
  if (document.caretPositionFromPoint) {
    const found = document.caretPositionFromPoint(x, y)
    return found && found.offsetNode === node ? found.offset : -1
  }
  const found = document.caretRangeFromPoint?.(x, y)
  return found && found.startContainer === node ? found.startOffset : -1
}
