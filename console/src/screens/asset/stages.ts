import type { Engine } from '../../api/types'

/** Stage that was not analysed and the reason. */
export interface MissingStage {
  readonly stage: string
  readonly reason: string
}

/** Return which of some stages were not analysed. */
export function reasonsOf(engines: readonly Engine[], stages: readonly string[]): MissingStage[] {
  return engines.flatMap(({ stage, notAnalysed }) => (notAnalysed && stages.includes(stage) ? { stage, reason: notAnalysed } : []))
}
