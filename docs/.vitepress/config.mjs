// The pages of this folder as a site, with a search that needs no service. Its first page is the
// README. Pages are written to be read in the repository, too, so links are adapted here.
import { defineConfig } from 'vitepress'

const REPOSITORY = 'https://github.com/memjcache/memjcache'

// What a link of a page leads to on the site: another page, or a file of the repository.
function onSite(href, isHome) {
  if (/^([a-z]+:|#|\/)/.test(href)) {
    return href
  }
  const path = isHome ? href : href.startsWith('../') ? href.slice(3) : 'docs/' + href
  if (path.startsWith('docs/') && /\.(md|svg)(#|$)/.test(path)) {
    return './' + path.slice('docs/'.length)
  }
  const [file, anchor] = path.split('#')
  if (file === 'README.md') {
    return anchor ? './index.md#' + anchor : './index.md'
  }
  return `${REPOSITORY}/blob/main/${path}`
}

function adaptLinks(markdown) {
  markdown.core.ruler.push('links_of_the_repository', state => {
    const isHome = state.env.relativePath === 'index.md'
    for (const block of state.tokens) {
      for (const token of block.children ?? []) {
        const name = { link_open: 'href', image: 'src' }[token.type]
        if (name) {
          token.attrSet(name, onSite(token.attrGet(name), isHome))
        }
      }
    }
  })
}

function page(text, file) {
  return { text, link: '/' + file }
}

export default defineConfig({
  title: 'MemJCache',
  description: 'The JCache (JSR-107) provider for memcached that many tenants can share',
  lang: 'en',
  base: process.env.SITE_BASE ?? '/',
  cleanUrls: true,
  markdown: { config: adaptLinks },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    sidebar: [
      {
        text: 'Use it',
        items: [
          page('Quick start', ''),
          page('Options and settings', 'configuration'),
          page('Frameworks', 'frameworks'),
          page('What is stored', 'serialization'),
        ],
      },
      {
        text: 'Rely on it',
        items: [
          page('Consistency', 'consistency'),
          page('Security', 'security'),
          page('Deploying a new release', 'releases'),
          page('Conformance', 'conformance'),
          page('Performance', 'performance'),
        ],
      },
      {
        text: 'Run it',
        items: [
          page('Deployment', 'deployment'),
          page('Operations, command line', 'operations'),
          page('Monitoring', 'monitoring'),
        ],
      },
      { text: 'Change it', items: [page('Architecture', 'architecture')] },
    ],
  },
})
