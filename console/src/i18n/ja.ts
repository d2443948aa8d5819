import ask from './ja/ask.json'
import asset from './ja/asset.json'
import assets from './ja/assets.json'
import common from './ja/common.json'
import jobs from './ja/jobs.json'
import persons from './ja/persons.json'
import search from './ja/search.json'
import settings from './ja/settings.json'
import statistics from './ja/statistics.json'

export default { ...common, ...ask, ...assets, ...asset, ...search, ...persons, ...jobs, ...statistics, ...settings }
