import type { Connection } from './connection.svelte'
import type {
  AssetState,
  Page,
  Project,
  ProjectList,
  RequestAnalysis,
  SourceObjects,
  StateCounts,
  Workspace,
} from './types'

/** Largest page of a list. */
const WHOLE = 1000

/** Return the path of a workspace, or of something in it. */
export function inWorkspace(workspace: string, ...parts: readonly (string | number)[]): string {
  return ['api/v1/workspaces', workspace, ...parts].map((one, number) => (number ? encodeURIComponent(one) : one)).join('/')
}

/** Return the path of a project, or of something in it. */
export function inProject(workspace: string, project: number, ...parts: readonly (string | number)[]): string {
  return inWorkspace(workspace, 'projects', project, ...parts)
}

export async function listWorkspaces(connection: Connection, signal: AbortSignal): Promise<readonly Workspace[]> {
  const query = { pageNum: 1, pageSize: WHOLE }
  return (await connection.call<Page<Workspace>>('GET', 'api/v1/workspaces', { query, signal })).content
}

export async function listProjects(c: Connection, workspace: string, signal: AbortSignal): Promise<readonly Project[]> {
  return (await c.call<ProjectList>('GET', inWorkspace(workspace, 'projects'), { signal })).projects
}

export type StateName = 'IMPORTING' | 'FAILED' | 'NOT_ANALYSED' | 'WAITING' | 'ANALYSING' | 'ANALYSED' | 'DUPLICATE'

export interface AssetFilter {
  readonly state: StateName | null
  readonly name: string
  readonly order: 'OLDEST' | 'NEWEST'
}

/** Return a page of the assets of a project. `page` counts from 1. */
export function listAssets(
  connection: Connection,
  place: { readonly workspace: string; readonly project: number },
  filter: AssetFilter,
  page: { readonly number: number; readonly size: number },
  signal: AbortSignal,
): Promise<Page<AssetState>> {
  const query = { pageNum: page.number, pageSize: page.size, state: filter.state, name: filter.name || null, order: filter.order }
  const path = inProject(place.workspace, place.project, 'asset-states')
  return connection.call<Page<AssetState>>('GET', path, { query, signal })
}

export function countAssets(c: Connection, workspace: string, project: number, signal: AbortSignal): Promise<StateCounts> {
  return c.call<StateCounts>('GET', inProject(workspace, project, 'asset-states', 'counts'), { signal })
}

export function getAsset(c: Connection, workspace: string, asset: number, signal: AbortSignal): Promise<AssetState> {
  return c.call<AssetState>('GET', inWorkspace(workspace, 'asset-states', asset), { signal })
}

export function listObjects(
  connection: Connection,
  place: { readonly workspace: string; readonly bucket: string },
  prefix: string,
  startAfter: string | null,
  signal: AbortSignal,
): Promise<SourceObjects> {
  const query = { prefix: prefix || null, startAfter, pageSize: WHOLE }
  const path = inWorkspace(place.workspace, 'buckets', place.bucket, 'objects')
  return connection.call<SourceObjects>('GET', path, { query, signal })
}

export async function requestAnalysis(c: Connection, asset: AssetPlace, settings: RequestAnalysis): Promise<void> {
  await c.call('POST', inProject(asset.workspace, asset.project, 'assets', asset.id, 'index'), { body: settings })
}

/** Where an asset is. */
export interface AssetPlace {
  readonly workspace: string
  readonly project: number
  readonly id: number
}
