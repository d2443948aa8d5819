import type { AssetState } from '../../api/types'
import type { Key } from '../../i18n/language.svelte'

/** What an asset waits for or has come to, in the order in which a person wants to know it. */
export type Status = 'importing' | 'importFailed' | 'waiting' | 'analysing' | 'analysisFailed' | 'canceled' | 'analysed' | 'imported'

export function statusOf(asset: AssetState): Status {
  if (asset.importStatus === 'IN_PROGRESS') return 'importing'
  if (asset.importStatus !== 'COMPLETED') return 'importFailed'
  switch (asset.analysisStatus) {
    case 'WAIT_ANALYZE':
      return 'waiting'
    case 'ANALYZING':
      return 'analysing'
    case 'ANALYZE_FAIL':
      return 'analysisFailed'
    case 'ANALYZE_CANCEL':
      return asset.analysedTime ? 'analysed' : 'canceled'
    default:
      return asset.analysedTime ? 'analysed' : 'imported'
  }
}

/** True if the state of an asset changes by itself. */
export function isActive(asset: AssetState): boolean {
  return ['importing', 'waiting', 'analysing'].includes(statusOf(asset))
}

/** Share of the work that is done, or `null` if none runs. */
export function percentOf(asset: AssetState): number | null {
  const status = statusOf(asset)
  if (status === 'importing') return asset.importPercent
  return status === 'analysing' ? (asset.analysisPercent ?? 0) : null
}

/** Why an asset is not what it should be, in the words of the server. */
export function reasonOf(asset: AssetState): string {
  const status = statusOf(asset)
  if (status === 'importFailed') return [asset.importResult, asset.importReason].filter(Boolean).join(': ')
  return status === 'analysisFailed' ? (asset.analysisMessage ?? '') : ''
}

export const STATUS_TEXTS: Record<Status, Key> = {
  importing: 'assets.status.importing',
  importFailed: 'assets.status.importFailed',
  waiting: 'assets.status.waiting',
  analysing: 'assets.status.analysing',
  analysisFailed: 'assets.status.analysisFailed',
  canceled: 'assets.status.canceled',
  analysed: 'assets.status.analysed',
  imported: 'assets.status.imported',
}
