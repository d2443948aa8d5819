import { ApiError } from '../../api/errors'
import type { Analysis, EditedScript, Index, Scene, ScenePersons, Script } from '../../api/types'
import type { Language } from '../../i18n/language.svelte'
import type { OpenAsset } from './asset.svelte'

/** Edit that was made, and how it is undone. */
export interface Edit {
  readonly text: string
  readonly undo: () => Promise<void>
}

/** Correction of a line that is being typed. */
export interface Draft {
  text: string
  speaker: string
  /** True if the name of the speaker is meant for all lines. */
  isEverywhere: boolean
}

/** Line before its first correction. */
export interface Original {
  readonly text: string
  readonly speaker: string
}

/** Corrections of an index by hand, with undo. */
export class Edits {
  /** Edits of this visit, the latest last. */
  made = $state.raw<readonly Edit[]>([])
  error = $state.raw<unknown>(undefined)
  isBusy = $state(false)
  readonly originals = new Map<number, Original>()
  #asset: OpenAsset
  #language: Language
  #announce: (text: string) => void

  constructor(asset: OpenAsset, language: Language, announce: (text: string) => void) {
    this.#asset = asset
    this.#language = language
    this.#announce = announce
  }

  /** Change the text or the speaker of a line. Throw if that is refused. */
  async correctLine(line: Script, change: { readonly text?: string; readonly speaker?: string }): Promise<void> {
    await this.#checkIndex()
    const before = { text: line.text, speaker: line.speaker }
    if (!this.originals.has(line.scriptId)) this.originals.set(line.scriptId, before)
    await this.#correct(line.scriptId, change)
    this.#add(this.#language.t('asset.lineCorrected'), () => this.#correct(line.scriptId, before))
  }

  /** Rename a speaker in all lines. Throw if that is refused. */
  async renameSpeaker(speaker: string, name: string): Promise<void> {
    await this.#checkIndex()
    await this.#rename(speaker, name)
    this.#add(this.#language.t('asset.speakerRenamed', { name }), () => this.#rename(name, speaker))
  }

  /** Name a person everywhere. An empty name makes the person anonymous. Throw if that is refused. */
  async namePerson(personId: number, former: string | null, name: string): Promise<void> {
    await this.#name(personId, name)
    const { t } = this.#language
    const text = name ? t('asset.personNamed', { name }) : t('asset.personUnnamed', { id: String(personId) })
    this.#add(text, () => this.#name(personId, former ?? ''))
  }

  /** Give the appearances of a person in a scene to another person, by id or by name. Throw if that is refused. */
  async givePerson(sceneId: number, personId: number, to: number | string): Promise<void> {
    await this.#checkIndex()
    const before = new Set(this.#personsOf(sceneId))
    await this.#give(sceneId, personId, to)
    const after = this.#personsOf(sceneId)
    const other = typeof to === 'number' ? to : after.find((id) => !before.has(id))
    // Appearances that were joined with others of the same person cannot be told apart again.
    const isJoined = other === undefined || before.has(other)
    const text = this.#language.t('asset.personGiven')
    if (isJoined) this.#announce(text)
    else this.#add(text, () => this.#give(sceneId, other, personId))
  }

  /** Say that a person is not seen in a scene. Later analyses do not find the person there again. */
  async rejectPerson(sceneId: number, personId: number): Promise<void> {
    await this.#run(async () => {
      await this.#checkIndex()
      const before = new Set(this.#personsOf(sceneId))
      const assetId = this.#asset.state.value?.assetId
      await this.#asset.callWorkspace('POST', `persons/${personId}/reject`, { appearances: [{ assetId, sceneId }] })
      await this.#asset.index.refresh()
      const stranger = this.#personsOf(sceneId).find((id) => !before.has(id))
      const text = this.#language.t('asset.personRejected')
      if (stranger === undefined) this.#announce(text)
      else this.#add(text, () => this.#give(sceneId, stranger, personId))
    })
  }

  /** Undo the latest edit. */
  async undo(): Promise<void> {
    const last = this.made.at(-1)
    if (!last || this.isBusy) return
    await this.#run(async () => {
      await last.undo()
      this.made = this.made.slice(0, -1)
      this.#announce(this.#language.t('asset.undone', { edit: last.text }))
    })
  }

  #add(text: string, undo: () => Promise<void>): void {
    this.error = undefined
    this.made = [...this.made, { text, undo }]
    this.#announce(text)
  }

  async #run(edit: () => Promise<void>): Promise<void> {
    this.isBusy = true
    this.error = undefined
    try {
      await edit()
    } catch (error) {
      this.error = error
    }
    this.isBusy = false
  }

  /** Throw if another analysis has replaced the index that the page shows, as its lines have other ids. */
  async #checkIndex(): Promise<void> {
    const { indexId } = await this.#asset.call<Analysis>('GET', 'index/status')
    if (indexId === undefined || indexId === this.#asset.index.value?.indexId) return
    this.made = []
    this.originals.clear()
    await Promise.all([this.#asset.state.refresh(), this.#asset.index.refresh()])
    throw new ApiError(409, '', this.#language.t('asset.indexReplaced'))
  }

  async #correct(scriptId: number, change: { readonly text?: string; readonly speaker?: string }): Promise<void> {
    const edited = await this.#asset.call<EditedScript>('PATCH', `index/scripts/${scriptId}`, change)
    const { updatedTime, updatedUserName, ...line } = edited
    this.#change(
      (scene) => ({ ...scene, scripts: scene.scripts.map((one) => (one.scriptId === scriptId ? line : one)) }),
      { updatedTime, updatedUserName },
    )
  }

  async #rename(speaker: string, name: string): Promise<void> {
    await this.#asset.call('PATCH', `index/speakers/${encodeURIComponent(speaker)}`, { name })
    await this.#asset.index.refresh()
  }

  async #name(personId: number, name: string): Promise<void> {
    await this.#asset.callWorkspace('PATCH', `persons/${personId}`, { name })
    this.#change((scene) => ({
      ...scene,
      persons: scene.persons.map((one) => {
        if (one.personId !== personId) return one
        const { name: _, ...anonymous } = one
        return name ? { ...anonymous, name } : anonymous
      }),
    }))
  }

  async #give(sceneId: number, personId: number, to: number | string): Promise<void> {
    const body = typeof to === 'number' ? { personId: to } : { name: to }
    const path = `index/scenes/${sceneId}/persons/${personId}`
    const { persons, updatedTime, updatedUserName } = await this.#asset.call<ScenePersons>('PATCH', path, body)
    this.#change((scene) => (scene.sceneId === sceneId ? { ...scene, persons } : scene), { updatedTime, updatedUserName })
  }

  #change(edit: (scene: Scene) => Scene, head: Partial<Index> = {}): void {
    const index = this.#asset.index.value
    if (index) this.#asset.index.value = { ...index, ...head, scenes: index.scenes.map(edit) }
  }

  #personsOf(sceneId: number): number[] {
    const scene = this.#asset.content.scenes.find((one) => one.sceneId === sceneId)
    return scene?.persons.map((one) => one.personId) ?? []
  }
}
