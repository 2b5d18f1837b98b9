/**
 * <assistant-pvd>: asks a town's assistant and shows the passages it quotes. What a function does
 * is said beside its type, in types.d.ts. No host but its server, whose words only become text.
 */

/** @type {Record<string, Record<string, string>>} */
const MESSAGES = {
  fr: {
    lang: 'fr',
    title: 'Assistant automatique (IA)',
    launcher: 'Poser une question (IA)',
    close: 'Fermer l’assistant',
    about: 'À savoir : vous écrivez à une IA',
    notice:
      'Vous échangez avec un assistant automatique (intelligence artificielle), pas avec un ' +
      'agent de la mairie. Il répond en citant des documents et peut se tromper : vérifiez les ' +
      'passages cités. N’écrivez aucune donnée personnelle (nom, adresse, téléphone…).',
    label: 'Votre question',
    left: 'Caractères restants : {0}',
    over: 'Caractères en trop : {0}',
    long: 'Question trop longue : raccourcissez-la (500 caractères au plus).',
    send: 'Envoyer',
    stop: 'Arrêter',
    privacy: 'Données personnelles',
    contact: 'Contacter la mairie',
    log: 'Conversation',
    you: 'Vous',
    assistant: 'Assistant (IA)',
    searching: 'Recherche dans les documents…',
    answer: 'Réponse de l’assistant : ',
    cut: '… (réponse complète dans la conversation)',
    partial: 'Réponse partielle',
    not_published: 'Ce n’est pas publié',
    stopped: 'Réponse arrêtée.',
    cite: 'Voir le passage {0} : {1}',
    back: 'Revenir à la réponse',
    after: 'Résumé établi par nos soins d’après :',
    tab: ' (nouvelle fenêtre)',
    busy: 'Une réponse arrive : attendez sa fin ou arrêtez-la, puis envoyez.',
    empty: 'Écrivez votre question, puis envoyez-la.',
    network: 'L’assistant n’a pas pu être joint.',
    slow: 'L’assistant met trop de temps à répondre.',
    ended: 'La réponse s’est interrompue avant la fin.',
    unavailable: 'L’assistant est indisponible pour le moment.',
    kept: 'Votre question est gardée ci-dessous.',
    retry: 'Réessayer',
  },
  // The rest comes with the second file.
  en: {
    lang: 'en',
    title: 'Automatic assistant (AI)',
    launcher: 'Ask a question (AI)',
  },
}

// The second file's digest.
const MORE = 'sha256-gr5+oibE8/cjzDWO+gnozM8B4qPFiZqNgoZACrzwWpI='

const LONGEST = 500
const RECALLED = 2000
const SPOKEN = 600 // no reader can pause it
const SILENCE = 45_000
const SMALL = '(max-width: 30em), (max-height: 36em)'

const STYLE = `
:host {
  display: contents;
  --accent: var(--pvd-accent, #17527d);
  --on-accent: var(--pvd-on-accent, #fff);
  --paper: var(--pvd-background, #fff);
  --soft: var(--pvd-surface, #eef3f7);
  --ink: var(--pvd-text, #1a222c);
  --line: var(--pvd-border, #76828f);
  --mark: var(--pvd-mark, #ffe59a);
  --offset: var(--pvd-offset, 16px);
}
@supports (color: light-dark(red, red)) {
  :host {
    --paper: var(--pvd-background, light-dark(#fff, #161b21));
    --soft: var(--pvd-surface, light-dark(#eef3f7, #232b35));
    --ink: var(--pvd-text, light-dark(#1a222c, #e9eef3));
    --line: var(--pvd-border, light-dark(#76828f, #8593a1));
    --mark: var(--pvd-mark, light-dark(#ffe59a, #5d4a00));
  }
}
* { box-sizing: border-box; margin: 0; }
[hidden], :host([hidden]), .root:not([data-open]) > dialog { display: none !important; }
/* Of the page, its font and scheme alone. */
.root { all: initial; display: block; direction: ltr; color-scheme: var(--pvd-scheme, inherit);
  font-family: var(--pvd-font, inherit); line-height: 1.5;
  font-size: calc(max(16px, 1rem) * var(--pvd-size, 1));
  color: var(--ink); overflow-wrap: anywhere; }
ol, ul { list-style: none; padding: 0; }
a { color: inherit; padding: .65em 0; }
ul li { padding-top: .3em; }
button, textarea, .alert, .asked { font: inherit; color: inherit;
  border: 1px solid var(--line); border-radius: var(--pvd-radius, 10px); padding: .5em .8em; }
button { min-height: 44px; min-width: 44px; background: none; }
button, summary { cursor: pointer; }
:focus-visible { outline: 3px solid; outline-offset: 2px; }
.launcher, .send, .header, .pill[aria-expanded=true] { background: var(--accent);
  color: var(--on-accent); }
.launcher, .send, .who, .alert, label, summary { font-weight: 600; }
.asked, .notice, .pill, .send[aria-disabled] { background: var(--soft); color: var(--ink); }
.launcher, dialog { position: fixed; inset: auto var(--offset) var(--offset) auto;
  max-width: calc(100vw - 2 * var(--offset)); z-index: var(--pvd-z-index, 1000);
  box-shadow: 0 4px 24px #0006; }
.launcher { padding: .6em 1.1em; border: 2px solid var(--paper); border-radius: 2em; }
.panel { display: flex; flex-direction: column; padding: 0; overflow: hidden; color: inherit;
  background: var(--paper); border: 1px solid var(--line); border-radius: var(--pvd-radius, 10px); }
.root[data-open] > .launcher { visibility: hidden; }
dialog { width: 30em; max-height: calc(100dvh - 2 * var(--offset)); }
/* Where text is large for its room, the header scrolls away. */
.header, .close { position: sticky; top: min(0px, (100dvh - 36em) * 99); }
.header { padding: 10px 56px 10px 16px; z-index: 1; }
h2 { font-size: 1.1em; }
.close { top: 0; z-index: 2; display: block; width: 44px; height: 44px; margin: 0 0 -44px auto;
  border: 0; font-size: 24px; padding: 0;
  background: var(--accent); color: var(--on-accent); }
.close, h2, .scroll { outline-offset: -3px !important; }
.notice, .log, .form, .links { padding: 0 16px; }
.notice p { padding-bottom: .75em; }
.small, .notice, .links, .who, .remark { font-size: .9em; }
.scroll { position: relative; min-height: 5em; overflow-y: auto; overscroll-behavior: contain; }
.question { display: grid; justify-items: end; margin: .75em 0 .6em 2em;
  padding-right: clamp(0px, (36em - 100dvh) * 99, 40px); }
.asked { border: 0; }
.asked, .text, blockquote { white-space: pre-line; }
.answer, .cards, .passage, .proof, .form { display: grid; gap: .6em;
  grid-template-columns: minmax(0, 1fr); }
.answer { padding-bottom: 1em; }
.text { line-height: 1.75; }
.pill { position: relative; min-width: 2em; min-height: 1.6em; margin: 0 .4em; padding: 0;
  border-radius: 1em; font-size: .875em; }
.last { white-space: nowrap; }
.pill::after { content: ""; position: absolute; inset: -10px -9px; }
summary { display: flex; align-items: center; gap: .7em; min-height: 44px; list-style: none;
  line-height: 1.35; padding: .3em 0; }
summary::after { content: "+" / ""; margin-left: auto; font-size: 1.3em; }
[open] > summary::after { content: "−" / ""; }
.proof { margin: .4em 0 .8em; padding: .5em .75em; line-height: 1.5; background: var(--soft);
  border-radius: var(--pvd-radius, 10px); }
.back { justify-self: start; background: var(--paper); }
blockquote { padding-left: .75em; border-left: 4px solid var(--accent); }
mark { background: var(--mark); color: inherit; }
.tools, .links { display: flex; flex-wrap: wrap; align-items: center; gap: .5em; }
.form { gap: .4em; padding-block: .5em .75em; border-top: 1px solid var(--line);
  overflow-y: auto; max-height: 70%; flex: none; }
.left:empty, .tools:empty { display: none; }
textarea { flex: 1 1 5em; min-width: 0; min-height: 46px; max-height: 7em; resize: none;
  field-sizing: content;
  background: var(--paper); }
.alert { border-left-width: 6px; }
.alert:empty { padding: 0; border: 0; }
.links { gap: 0 1.25em; padding-block: .25em; }
.hush { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
::backdrop { background: none; }
:modal::backdrop { background: #0008; }
@media ${SMALL} {
  dialog { inset: auto 0 0; width: auto; max-width: none; max-height: 100dvh; }
}
@media print { .launcher, dialog, .form, .close, .links { display: none !important; } }`

const sheet = new CSSStyleSheet()
sheet.replaceSync(STYLE)

/** @type {Fail} */
const failure = (message, status = 0) => Object.assign(new Error(message), { status })

/** @type {Make} */
const make = (spec, ...rest) => {
  const [tag, name] = spec.split('.')
  const element = document.createElement(tag)
  if (name) element.className = element.part.value = name
  for (const each of rest) {
    if (each instanceof Node || typeof each === 'string') element.append(each)
    else for (const [key, value] of Object.entries(each || {})) {
      if (typeof value === 'function') element.addEventListener(key, value)
      else element.setAttribute(key, value)
    }
  }
  return /** @type {any} */ (element)
}

/** @type {MakeButton} */
const button = (name, label, click, more) =>
  make(/** @type {'button'} */ (`button.${name}`), { type: 'button', click, ...more }, label)

/** @type {Link} */
const link = (say, url, text, hushed = '') => /^https?:\/\//i.test(url ?? '')
  ? make('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, text,
    make('span.hush', hushed + say('tab')))
  : text

/** @type {Cut} */
const cut = (text, length) => Array.from(text).slice(0, length).join('')

/** @type {Pieces} */
const pieces = ({ text, sentences }) => {
  let rest = text
  return [...sentences.flatMap((sentence) => {
    const start = rest.indexOf(sentence.text)
    const before = text ? rest.slice(0, Math.max(start, 0)) : sentence.before
    const beside = sentence.remark ? sentence.remark.length + 1 : 0
    if (start >= 0) rest = rest.slice(start + sentence.text.length + beside)
    return [{ text: before || ' ', citations: [] }, sentence]
  }), { text: rest, citations: [] }].filter((piece) => piece.text)
}

/** @type {Quoted} */
const quoted = ({ passage, quote, start, end }) => {
  const before = cut(passage, start)
  const upTo = cut(passage, end)
  return quote && before + quote === upTo
    ? [before, make('mark', quote), passage.slice(upTo.length)] : [passage]
}

/** @type {Shown} */
const shown = (say, { kind, title, publisher, url, sources, language, ...rest }) => [
  make('p.who', title),
  make('p.small', kind === 'summary'
    ? `${say('after')} ${sources.map((source) => source.publisher).join(', ')}`
    : link(say, url, publisher)),
  make('blockquote', { lang: language }, ...quoted(rest)),
]

/** Lent to the second file, which shows passages better. @type {Kit} */
const kit = { make, button, link, quoted, shown, sheet, MESSAGES, STYLE }

/** @type {Before} */
const before = (turns) => turns
  .filter(({ answer }) => answer.outcome !== 'refused_personal_data')
  .flatMap(({ question, answer }) => [
    { role: 'user', content: answer.question || question },
    { role: 'assistant', content: cut(answer.text.trim(), RECALLED) },
  ]).slice(-10)

/** @type {Events} */
async function* events(response, alive) {
  const { ok, headers, body } = response
  if (!ok) yield ['error', await response.json().catch(() => ({}))]
  if (headers.get('content-type')?.includes('application/json')) {
    yield ['done', await response.json()]
  }
  const reader = /** @type {ReadableStream<Uint8Array>} */ (body).getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    alive()
    const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const [, event] = /^event: ?(\w+)/m.exec(block) ?? []
      const [, data] = /^data:([^\n]+)/m.exec(block) ?? []
      if (data) yield [event, JSON.parse(data)]
    }
  }
}

/** @type {Promise<{ equip: Equip }> | undefined} */
let second

/** @type {Second} */
const more = () => second ??= new Promise((resolve, reject) => {
  const href = new URL('assistant-pvd-more.js', import.meta.url).href
  const preload = make('link', {
    rel: 'modulepreload', href, integrity: MORE, crossorigin: '',
    load: () => resolve(import(href)),
    error: () => {
      second = undefined
      preload.remove()
      reject(failure(href))
    },
  })
  if (preload.relList.supports('modulepreload')) document.head.append(preload)
  else resolve(import(href))
})

/** @type {Converse} */
const converse = (say, question, field) => {
  const asked = make('li.question', make('p.who', say('you')), make('p.asked', question))
  const text = make('div.text', say('searching'))
  const node = make('li.answer', { 'data-ai-generated': 'true', 'data-outcome': 'waiting' },
    make('p.who', say('assistant')), text)
  /** @type {Answer} */
  const answer = {
    id: '', outcome: '', text: '', language: 'fr',
    sentences: [], citations: [], nearest: [], contact: null,
  }
  /** @type {string[]} */
  let painted = []
  /** @type {HTMLElement} */
  let into = text
  /** @type {HTMLElement | undefined} */
  let list

  /** @type {Pill} */
  const pill = (number) => {
    const citation = answer.citations.find((each) => each.number === number)
    if (!citation) return ''
    /** @type {HTMLElement | undefined} */
    let proof
    const turn = () => {
      if (proof) {
        proof.remove()
        proof = undefined
        made.focus()
        made.scrollIntoView({ block: 'nearest' })
      } else {
        proof = make('div.proof', ...kit.shown(say, citation),
          button('back', say('back'), turn))
        made.closest('.sentence')?.append(proof)
        proof.scrollIntoView({ block: 'nearest' })
      }
      made.setAttribute('aria-expanded', `${!!proof}`)
    }
    const made = button('pill', `${number}`, turn,
      { 'aria-label': say('cite', number, citation.title), 'aria-expanded': 'false' })
    return made
  }

  /** What is there stays: it may have the focus, or a passage open. */
  const paint = () => {
    const told = pieces(answer)
    const keys = told.map((piece) => JSON.stringify([piece, piece.citations.map((number) =>
      answer.citations.find((each) => each.number === number))]))
    const held = node.matches(':focus-within')
    if (painted.some((key, place) => key !== keys[place]) || !painted.length) {
      text.replaceChildren()
      painted = []
      into = text
      list = undefined
    }
    for (const { text: said, citations, language, remark } of told.slice(painted.length)) {
      const words = said.replace(/\n- $/, '')
      const last = words.search(/\S{0,16}$/)
      into.append(make('span.sentence',
        make('span', language && { lang: language }, words.slice(0, last),
          make('span.last', words.slice(last), ...citations.map(pill))),
        ...remark ? [' ', make('span.remark', remark)] : []))
      if (words && into === text) list = undefined
      into = words === said ? text
        : (list ??= text.appendChild(make('ul'))).appendChild(make('li', '– '))
    }
    painted = keys
    if (held && !node.matches(':focus-within')) field.focus()
  }

  return {
    answer,
    nodes: [asked, node],

    take(event, data) {
      if (event === 'sentence') answer.sentences = [...answer.sentences, data]
      else Object.assign(answer, data)
      if (answer.asked) asked.children[1].textContent = answer.asked
      if (answer.sentences.length || answer.text) paint()
    },

    end() {
      const { outcome, language } = answer
      node.dataset.outcome = outcome
      text.lang = language
      if (/^(partial|not_published)$/.test(outcome)) text.before(make('p.who', say(outcome)))
    },

    cease(note) {
      if (!painted.length) text.remove()
      node.dataset.outcome = 'interrupted'
      node.append(make('p.small', note))
    },
  }
}

/** @type {Set<AssistantPvdElement>} */
const living = new Set()
/** Of several, the one with a button, which opens for the page. */
const first = () => [...living].find((each) => each.mode !== 'inline' && !each.hidden) ??
  [...living][0]

export class AssistantPvdElement extends HTMLElement {
  static observedAttributes = ['mode', 'lang', 'hidden', 'privacy-url', 'contact-url']

  #root = this.attachShadow({ mode: 'open' })
  /** Finished, oldest first. @type {Turn[]} */
  #turns = []
  /** @type {Extras | undefined} */
  #extras
  /** @type {AbortController | null} */
  #request = null
  #opened = false
  /** @type {Element | null} */
  #opener = null
  /** Outlives a rebuilding. */
  #kept = {
    log: make('ol.log'),
    alert: make('p.alert', { id: 'alert', role: 'alert' }),
    help: make('div.tools'),
    left: make('span.left', { id: 'left' }),
    status: make('p.hush', { role: 'status' }),
    field: make('textarea.field', {
      id: 'field', rows: 1, enterkeyhint: 'send',
      'aria-describedby': 'notice left alert',
      input: () => this.#count(),
      keydown: (event) => {
        // 229: Safari ends a composition.
        const composing = event.isComposing || event.keyCode === 229
        if (event.key !== 'Enter' || event.shiftKey || composing) return
        event.preventDefault()
        this.#send()
      },
    }),
  }
  #ui = this.#build()

  get server() {
    return (this.getAttribute('server') ?? new URL('../..', import.meta.url).href).replace(/\/+$/, '')
  }

  set server(value) { this.setAttribute('server', value) }
  get mode() { return this.getAttribute('mode') ?? 'launcher' }
  set mode(value) { this.setAttribute('mode', value) }

  connectedCallback() {
    living.add(this)
    this.#dress()
    document.addEventListener('click', this.#onPageClick)
    if (this.mode === 'inline' || this.#ui.say('lang') !== 'fr') this.#equip()
    this.#tell('ready')
  }

  disconnectedCallback() {
    living.delete(this)
    this.#settle()
    document.removeEventListener('click', this.#onPageClick)
    // Moved, it is back before this.
    setTimeout(() => this.isConnected || this.stop())
  }

  connectedMoveCallback() {}

  attributeChangedCallback() {
    if (this.isConnected) this.#dress()
  }

  open() {
    const { field, title } = this.#ui
    if (!this.#opened && this.mode !== 'inline') {
      const { activeElement } = document
      this.#opener = activeElement === document.body || activeElement === this ? null : activeElement
      for (const each of living) each.close()
      this.#show()
      this.#equip()
      this.#tell('open')
    }
    (matchMedia('(pointer: coarse)').matches ? title : field).focus()
  }

  close() {
    const { panel } = this.#ui
    if (!this.#opened || !(panel instanceof HTMLDialogElement)) return
    if (panel.open) return panel.close()
    panel.hidePopover()
    this.#closed()
  }

  /** @param {string} text */
  ask(text) {
    this.open()
    this.#ui.field.value = text
    this.#count()
    this.#send()
  }

  /** Stops the answer that is coming in. */
  stop() {
    const { send, stop, field } = this.#ui
    this.#request?.abort()
    this.#request = null
    if (this.#root.activeElement === stop) field.focus()
    this.#warn()
    stop.hidden = true
    send.removeAttribute('aria-disabled')
  }

  /** Forgets the conversation. */
  reset() {
    const { log, notice } = this.#ui
    this.stop()
    this.#turns.length = 0
    log.replaceChildren()
    notice.open = true
    this.#extras?.forget()
  }

  /** What a first question can do without; it may fail to come. */
  async #equip() {
    const { equip } = await more().catch(() => ({ equip: null }))
    if (!equip || this.#extras) return
    this.#extras = equip(kit, {
      element: this, turns: this.#turns, ui: () => this.#ui, tell: this.#tell,
      talk: (question) => this.#talk(question), end: (question, talk) => this.#end(question, talk),
    })
    if (this.#ui.say('lang') === 'fr') this.#extras.dress()
    else this.#dress()
    for (const turn of this.#turns) this.#extras.ended(turn)
  }

  /** @type {Tell} */
  #tell = (name, detail) => this.dispatchEvent(
    new CustomEvent(`pvd-${name}`, { bubbles: true, composed: true, detail }))

  /** @type {Listen} */
  #onPageClick = (event) => {
    const opener = event.target instanceof Element && event.target.closest('[data-pvd-open]')
    const id = opener && opener.getAttribute('data-pvd-open')
    if (!opener || (id ? id !== this.id : this !== first())) return
    event.preventDefault() // it may be a link
    this.open()
  }

  /** @type {Warn} */
  #warn(text = '', ...more) {
    this.#kept.alert.textContent = text
    this.#kept.help.replaceChildren(...more)
  }

  /** In the top layer, where no parent cuts it. */
  #show() {
    const { panel, root } = this.#ui
    if (!(panel instanceof HTMLDialogElement)) return
    this.#opened = true
    root.setAttribute('data-open', '')
    if (matchMedia(SMALL).matches) panel.showModal()
    else if (panel.showPopover) {
      panel.popover = 'manual'
      panel.showPopover()
    } else panel.show()
  }

  #closed() {
    const { root, launcher } = this.#ui
    this.#opened = false
    root.removeAttribute('data-open')
    // What had the focus has it again; in Safari, no button has it.
    const { activeElement } = document
    if (activeElement === document.body || activeElement === this) {
      (this.#opener instanceof HTMLElement && this.#opener.isConnected ? this.#opener : launcher)
        .focus()
    }
    this.#tell('close')
  }

  #count() {
    const { say, field, left } = this.#ui
    const rest = LONGEST - [...field.value.trim()].length
    left.textContent = rest < 0 ? say('over', -rest) : rest < 100 ? say('left', rest) : ''
  }

  #settle() {
    for (const each of living) each.#ui.launcher.hidden = each !== first()
  }

  /** Builds anew, as open and as focused as it was. */
  #dress() {
    const focused = this.#root.activeElement
    const { scrollTop } = this.#ui.scroll
    this.#ui = this.#build()
    if (this.#opened) this.#show()
    this.#extras?.dress()
    this.#ui.scroll.scrollTop = scrollTop
    this.#settle()
    const { launcher } = this.#ui
    requestAnimationFrame(() => {
      // A parent with a transform holds what is fixed.
      if (!launcher.offsetParent || !launcher.showPopover) return
      launcher.popover = 'manual'
      launcher.showPopover()
    })
    if (focused instanceof HTMLElement && focused.isConnected) focused.focus()
  }

  #build() {
    const language = this.closest('[lang]')?.getAttribute('lang')?.startsWith('en') ? 'en' : 'fr'
    /** @type {Say} */
    const say = (key, ...values) => (MESSAGES[language][key] ?? MESSAGES.fr[key] ?? key)
      .replace(/ (?=[:;?!])/g, '\u00a0').replace(/{(\d)}/g, (_, place) => `${values[+place]}`)
    const { log, alert, help, left, status, field } = this.#kept
    const inline = this.mode === 'inline'
    const title = make('h2.title', { id: 'title', tabindex: -1 }, say('title'))
    const notice = make('details.notice', !log.firstChild && { open: '' },
      make('summary', say('about')), make('p', { id: 'notice' }, say('notice')))
    const send = button('send', say('send'), () => this.#send())
    const stop = button('stop', say('stop'), () => this.stop(), !this.#request && { hidden: '' })
    const header = make('div.header', title)
    const links = make('div.links', ...['privacy', 'contact'].map((name) => {
      const url = this.getAttribute(`${name}-url`)
      return url && link(say, url, say(name))
    }))
    const scroll = make('div.scroll', { tabindex: 0, role: 'region', 'aria-label': say('log') },
      !inline && button('close', '×', () => this.close(), { 'aria-label': say('close') }),
      header, notice, log, links)
    const launcher = button('launcher', say('launcher'), () => this.open())
    const panel = make(inline ? 'section.panel' : 'dialog.panel', {
      'aria-labelledby': 'title', lang: language,
      keydown: (event) => {
        if (event.key === 'Escape' && !event.isComposing) this.close()
      },
      close: () => this.#closed(),
    },
    scroll,
    // Not a <form>: a sandboxed frame may refuse to submit one.
    make('div.form', make('label', { for: 'field' }, say('label')), alert, help,
    left, make('div.tools', field, stop, send)),
    status)
    this.#root.adoptedStyleSheets = [sheet]
    const root = inline ? make('div.root', panel)
      : make('section.root', { lang: language, 'aria-label': say('title') }, launcher, panel)
    this.#root.replaceChildren(root)
    return {
      say, root, launcher, panel, scroll, header, title, notice, log, field, left, send, stop, links,
      status,
    }
  }

  /** @type {Talking} */
  #talk(question) {
    const { say, field, log } = this.#ui
    const talk = converse(say, question, field)
    log.append(...talk.nodes)
    return talk
  }

  /** @type {Ended} */
  #end(question, { answer, nodes, end }) {
    end()
    const turn = { question: answer.asked || question, answer, node: nodes[1] }
    this.#turns.push(turn)
    this.#extras?.ended(turn)
  }

  async #send() {
    const { say, field, status } = this.#ui
    const question = field.value.trim()
    const wrong = this.#request ? 'busy' : !question ? 'empty'
      : cut(question, LONGEST) !== question && 'long'
    this.#warn(wrong ? say(wrong) : '')
    if (wrong) return field.focus()
    const request = this.#request = new AbortController()
    const talk = this.#talk(question)
    const { answer, nodes, take, cease } = talk
    field.value = ''
    this.#count()
    const { notice, stop, send } = this.#ui
    notice.open = stop.hidden = false
    send.setAttribute('aria-disabled', 'true')
    status.textContent = say('searching')
    this.#tell('question')
    let seen = -1
    // The reader who scrolled is left in peace.
    const follow = () => {
      const { scroll, header } = this.#ui
      if (seen >= 0 && seen !== scroll.scrollTop) return
      const stuck = parseFloat(getComputedStyle(header).top) >= 0 ? header.offsetHeight : 0
      scroll.scrollTop += nodes[0].getBoundingClientRect().top -
        scroll.getBoundingClientRect().top - stuck
      seen = scroll.scrollTop
    }
    follow()
    let timer = 0
    let reached = false
    const alive = () => {
      clearTimeout(timer)
      timer = setTimeout(() => request.abort(failure(say('slow'))), SILENCE)
    }
    try {
      alive()
      const response = await fetch(`${this.server}/api/v1/answers`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({
          question, history: before(this.#turns),
          style: this.hasAttribute('plain') ? 'plain' : 'standard',
        }),
        credentials: 'omit', referrerPolicy: 'origin', signal: request.signal,
      })
      reached = true
      for await (const [event, data] of events(response, alive)) {
        if (event === 'error') {
          const { detail, status } = data
          throw failure(typeof detail === 'string' ? detail : say('unavailable'), status)
        }
        take(event, data)
        follow()
        if (event === 'done') break
      }
      if (!answer.outcome) throw failure(say('ended'))
      this.#end(question, talk)
      follow()
      const plain = answer.text.trim()
      const spoken = cut(plain, SPOKEN)
      // A French voice must not read English.
      status.replaceChildren(say('answer'), make('span', { lang: answer.language }, spoken),
        spoken === plain ? '' : say('cut'))
      this.#tell('answer', { id: answer.id, outcome: answer.outcome })
    } catch (error) {
      const { message, name, status: code } = request.signal.reason ?? error
      const stopped = name === 'AbortError'
      if (stopped || answer.sentences.length) cease(say(stopped ? 'stopped' : 'ended'))
      else for (const each of nodes) each.remove()
      status.textContent = stopped ? say('stopped') : ''
      if (stopped) return
      const why = code != null ? message
        : say(reached ? 'ended' : await this.#extras?.why(this.server) ?? 'network')
      this.stop()
      field.value ||= answer.asked || question
      this.#warn(`${why} ${say('kept')}`, button('retry', say('retry'), () => {
        for (const each of nodes) each.remove()
        field.focus()
        this.#send()
      }), ...this.#extras?.help() ?? [])
      this.#tell('error', { status: code ?? 0 })
    } finally {
      clearTimeout(timer)
      if (this.#request === request) this.stop()
    }
  }
}

if (!customElements.get('assistant-pvd')) {
  customElements.define('assistant-pvd', AssistantPvdElement)
}
