import type { Hit } from '../../api/types'
import { pathOf } from '../../app/screens'

/** A part of an asset that can be played in place. */
export type AssetMoment = Pick<Hit, 'projectId' | 'assetId' | 'assetType' | 'fileName' | 'momentStartMs' | 'momentEndMs'>

/** Return the path of the asset of a hit at its moment. The question of the search leads from there to the other hits. */
export function momentPath(workspace: string, hit: AssetMoment, question = new URLSearchParams()): string {
  const place = new URLSearchParams(hit.assetType === 'VIDEO' ? { t: String(hit.momentStartMs / 1000) } : {})
  const text = question.toString()
  if (text) place.set('found', text)
  return `${pathOf('asset', workspace, hit.assetId)}?${place}`
}

/** Return the place of the hit that is shown: in this asset, nearest to a time. -1 if the asset has none. */
export function placeOf(hits: readonly Hit[], assetId: number, time: number): number {
  const here = hits.flatMap((hit, place) => (hit.assetId === assetId ? [place] : []))
  const far = (place: number): number => Math.abs((hits[place]?.momentStartMs ?? 0) - time)
  return here.reduce((best, place) => (best < 0 || far(place) < far(best) ? place : best), -1)
}
