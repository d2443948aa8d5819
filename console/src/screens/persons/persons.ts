import { inWorkspace } from '../../api/calls'
import type { Connection } from '../../api/connection.svelte'
import type { Page, Person } from '../../api/types'

export const SORTS = ['ASSET_COUNT', 'NAME', 'CREATED_AT'] as const
export type Sort = (typeof SORTS)[number]

export interface PersonFilter {
  readonly name: string
  readonly nameType: 'NAMED' | 'ANONYMOUS' | null
  readonly sort: Sort
}

/** Return a page of the persons of a workspace. `page` counts from 1. */
export function searchPersons(
  connection: Connection,
  workspace: string,
  filter: PersonFilter,
  page: { readonly number: number; readonly size: number },
  signal: AbortSignal,
): Promise<Page<Person>> {
  const body = {
    pageNum: page.number,
    pageSize: page.size,
    sortColumn: filter.sort,
    sortType: filter.sort === 'NAME' ? 'ASC' : 'DESC',
    ...(filter.name ? { name: filter.name } : {}),
    ...(filter.nameType ? { nameType: filter.nameType } : {}),
  }
  return connection.call<Page<Person>>('POST', inWorkspace(workspace, 'persons', 'search'), { body, signal })
}

/** Return the picture of a person: the primary one, else any. */
export function faceOf(person: Pick<Person, 'thumbnails'>): string | undefined {
  return (person.thumbnails.find((one) => one.isPrimaryThumbnail) ?? person.thumbnails[0])?.url
}
