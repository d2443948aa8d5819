import type { Component } from 'svelte'

import type { Key } from '../i18n/language.svelte'
import type { IconName } from '../ui/Icon.svelte'
import { match } from './router.svelte'

/** What every screen is given: the parts of its path. */
export interface ScreenProps {
  readonly workspace: string
  readonly id?: string
}

/** One screen: its place, its name, its entry in the rail, and its code, which is loaded when it is first opened. */
export interface ScreenSpec {
  readonly name: string
  readonly path: string
  readonly title: Key
  /** Entry in the rail with the key after `g` that leads to it. */
  readonly rail?: { readonly icon: IconName; readonly key: string }
  readonly load: () => Promise<{ default: Component<ScreenProps> }>
}

export interface OpenScreen extends ScreenSpec, ScreenProps {}

export const SCREENS: readonly ScreenSpec[] = [
  {
    name: 'assets',
    path: '/w/:workspace/assets',
    title: 'nav.assets',
    rail: { icon: 'assets', key: 'a' },
    load: () => import('../screens/assets/Assets.svelte'),
  },
  {
    name: 'asset',
    path: '/w/:workspace/assets/:id',
    title: 'nav.asset',
    load: () => import('../screens/asset/Asset.svelte'),
  },
  {
    name: 'search',
    path: '/w/:workspace/search',
    title: 'nav.search',
    rail: { icon: 'search', key: 's' },
    load: () => import('../screens/search/Search.svelte'),
  },
  {
    name: 'ask',
    path: '/w/:workspace/search/ask',
    title: 'nav.ask',
    load: () => import('../screens/ask/Ask.svelte'),
  },
  {
    name: 'persons',
    path: '/w/:workspace/persons',
    title: 'nav.persons',
    rail: { icon: 'persons', key: 'p' },
    load: () => import('../screens/persons/Persons.svelte'),
  },
  {
    name: 'person',
    path: '/w/:workspace/persons/:id',
    title: 'nav.person',
    load: () => import('../screens/persons/Person.svelte'),
  },
  {
    name: 'jobs',
    path: '/w/:workspace/jobs',
    title: 'nav.jobs',
    rail: { icon: 'jobs', key: 'j' },
    load: () => import('../screens/jobs/Jobs.svelte'),
  },
  {
    name: 'statistics',
    path: '/w/:workspace/statistics',
    title: 'nav.statistics',
    rail: { icon: 'statistics', key: 't' },
    load: () => import('../screens/statistics/Statistics.svelte'),
  },
  {
    name: 'settings',
    path: '/w/:workspace/settings',
    title: 'nav.settings',
    rail: { icon: 'settings', key: 'e' },
    load: () => import('../screens/settings/Settings.svelte'),
  },
]

/** Return the screen of a path, or `null` if there is none. */
export function screenAt(path: string): OpenScreen | null {
  for (const screen of SCREENS) {
    const parts = match(screen.path, path)
    if (parts) return { ...screen, workspace: parts.workspace ?? '', ...(parts.id === undefined ? {} : { id: parts.id }) }
  }
  return null
}

/** Return the path of a screen. */
export function pathOf(name: string, workspace: string, id?: number | string): string {
  const path = SCREENS.find((one) => one.name === name)?.path ?? '/'
  return path.replace(':workspace', encodeURIComponent(workspace)).replace(':id', encodeURIComponent(String(id ?? '')))
}
