/** Sizes of the cells of a grid, all of one size, in pixels. */
export interface Cells {
  readonly columns: number
  readonly width: number
  readonly height: number
  readonly gap: number
}

/** Return the columns of a grid and their width: as many as are not narrower than a minimum. */
export function columnsOf(width: number, minimum: number, gap: number): { readonly columns: number; readonly width: number } {
  const columns = Math.max(1, Math.floor((width + gap) / (minimum + gap)))
  return { columns, width: Math.max(0, (width - gap * (columns - 1)) / columns) }
}

/** Return the height of a grid with so many cells. */
export function heightOf(cells: Cells, count: number): number {
  const rows = Math.ceil(count / cells.columns)
  return Math.max(0, rows * (cells.height + cells.gap) - cells.gap)
}

/** Return left and top of a cell. */
export function cornerOf(cells: Cells, place: number): { readonly x: number; readonly y: number } {
  const row = Math.floor(place / cells.columns)
  return { x: (place % cells.columns) * (cells.width + cells.gap), y: row * (cells.height + cells.gap) }
}

/** Return the places of the cells between two heights, from the first to before the last, in whole rows. */
export function placesBetween(cells: Cells, count: number, top: number, bottom: number): readonly [number, number] {
  const step = cells.height + cells.gap
  const first = Math.max(0, Math.floor(top / step)) * cells.columns
  const last = Math.max(0, Math.ceil(bottom / step)) * cells.columns
  return [Math.min(count, first), Math.min(count, last)]
}
