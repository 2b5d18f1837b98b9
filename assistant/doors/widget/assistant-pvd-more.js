/**
 * What <assistant-pvd> does beyond a question and its answer. The first file loads this one when the
 * panel first opens, checks its bytes, and works without it. It imports nothing: what it needs is
 * lent to `equip`. Types: types.d.ts.
 */

/** @type {Record<string, Record<string, string>>} */
const WORDS = {
  fr: {
    reset: 'Nouvelle conversation',
    sure: 'Effacer cette conversation ?',
    yes: 'Effacer',
    no: 'La garder',
    keep: 'La garder pendant ma visite',
    keeping:
      'Votre navigateur n’enregistre rien, sauf si vous choisissez « La garder pendant ma ' +
      'visite » : la conversation vous suit alors de page en page, jusqu’à ce que vous ' +
      'l’effaciez ou fermiez l’onglet.',
    unkept: 'Votre navigateur ne le permet pas ici.',
    down: 'Le serveur de l’assistant ne répond pas.',
    refused: 'Ce site n’est pas autorisé à interroger l’assistant : prévenez la mairie.',
    quotation: 'Citation',
    page: 'page {0}',
    scan: 'Texte issu d’une numérisation, à vérifier : ',
    read: 'Ouvrir le document',
    ask: 'À qui s’adresser : ',
    checked: 'Vérifié le {0}',
    sources: 'Passages cités',
    nearest: 'Passages proches, qui ne répondent pas à la question :',
    copy: 'Copier',
    copied: 'Réponse copiée.',
    uncopied: 'Copie impossible ici : sélectionnez le texte.',
    print: 'Imprimer',
    made: 'Réponse d’un assistant automatique (IA), à vérifier. {0}',
  },
  en: {
    close: 'Close the assistant',
    about: 'Please note: you are writing to an AI',
    notice:
      'You are talking to an automatic assistant (artificial intelligence), not to a member of ' +
      'the town hall’s staff. It answers by quoting documents and can be wrong: check the ' +
      'passages it quotes. Do not write personal data (name, address, telephone…).',
    label: 'Your question',
    left: 'Characters left: {0}',
    over: 'Characters too many: {0}',
    long: 'Question too long: shorten it (500 characters at most).',
    send: 'Send',
    stop: 'Stop',
    privacy: 'Personal data',
    contact: 'Contact the town hall',
    log: 'Conversation',
    you: 'You',
    assistant: 'Assistant (AI)',
    searching: 'Searching the documents…',
    answer: 'The assistant’s answer: ',
    cut: '… (whole answer in the conversation)',
    partial: 'Partial answer',
    not_published: 'This is not published',
    stopped: 'Answer stopped.',
    cite: 'Show passage {0}: {1}',
    back: 'Back to the answer',
    sources: 'Quoted passages',
    quotation: 'Quotation',
    after: 'Summary of our own, based on:',
    page: 'page {0}',
    scan: 'Scan, to be checked: ',
    read: 'Open the document',
    tab: ' (new window)',
    ask: 'Who to ask: ',
    checked: 'Checked on {0}',
    nearest: 'Related passages, which do not answer the question:',
    copy: 'Copy',
    copied: 'Answer copied.',
    uncopied: 'Copying is not possible here: select the text.',
    print: 'Print',
    made: 'Answer of an automatic assistant (AI), to be checked. {0}',
    busy: 'An answer is coming: wait for its end or stop it, then send.',
    empty: 'Write your question, then send it.',
    offline: 'You are no longer connected to the Internet.',
    reset: 'New conversation',
    sure: 'Delete this conversation?',
    yes: 'Delete',
    no: 'Keep it',
    keep: 'Keep it during my visit',
    keeping:
      'Your browser stores nothing, unless you choose “Keep it during my visit”: the ' +
      'conversation then follows you from page to page, until you delete it or close the tab.',
    unkept: 'Your browser does not allow it here.',
    down: 'The assistant’s server does not answer.',
    refused: 'This site is not allowed to question the assistant: tell the town hall.',
    network: 'The assistant could not be reached.',
    slow: 'The assistant is taking too long to answer.',
    ended: 'The answer stopped before its end.',
    unavailable: 'The assistant is unavailable for now.',
    kept: 'Your question is kept below.',
    retry: 'Try again',
    presse: 'press',
    reprise: 'republication',
    encyclopédie: 'encyclopedia',
    recherche: 'research',
  },
}

const MORE_STYLE = `
.named .small { display: block; font-weight: 400; }
.proof > .named { font-weight: 600; }
.again, .keep { border: 0; padding: 0; text-decoration: underline; }
.keep[aria-pressed=true]::before { content: "✓ " / ""; }
.log:empty ~ .links > :is(.again, .keep) { display: none; }
.citation { border: 1px solid var(--line); border-radius: var(--pvd-radius, 10px); padding: 0 .8em; }
.citation .passage { padding: .4em 0 .75em; }
.citation:not([open]) .named, .citation:not([open]) .small { overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; }`

/** @type {Written} */
const written = (say, date) => date.replace(
  /\b\d{4}-(?:0[1-9]|1[012])(-(?:0[1-9]|[12]\d|3[01]))?(?:T[\d:.]+Z?)?(?![\d-])/g,
  (found, day) => new Date(found.slice(0, 10)).toLocaleDateString(say('lang'), {
    day: day && 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC',
  }).replace(/^1 /, '1er '))

/** @type {Equip} */
export const equip = (kit, { element, turns, ui, talk, end }) => {
  const { make, button, link, quoted, sheet, MESSAGES, STYLE } = kit
  sheet.replaceSync(STYLE + MORE_STYLE)
  for (const language in WORDS) Object.assign(MESSAGES[language], WORDS[language])

  /** @type {Named} */
  const named = (say, { kind, title, publisher, date, sources }, near) => make('span.named', title,
    make('span.small', kind === 'summary'
      ? `${say('after')} ${[...new Set(sources.map((source) => source.publisher))].join(', ')}`
      : near ? publisher : `${say('quotation')} · ${publisher}`,
    date && ` · ${written(say, date)}`))

  /** @type {Passage} */
  const passage = (say, citation, near) => {
    const { kind, title, headings, sources, passage, page, url, printed, confidence, language } =
      citation
    const summary = kind === 'summary'
    const path = headings.filter((heading) => heading !== title).join(' › ')
    return make('div.passage',
      summary && make('div', say('after'), make('ul', ...sources.map((source) => make('li',
        '– ', link(say, source.url, `${source.publisher} : ${source.title}`),
        source.nature !== 'officiel' && ` (${say(source.nature)})`,
        source.date && `, ${written(say, source.date)}`)))),
      path && make('p.small', path),
      make('blockquote', { lang: language }, ...near ? [passage] : quoted(citation)),
      !summary && make('p.small', confidence && confidence < 0.94 && say('scan'),
        page && `${say('page', printed ?? page)} `,
        url && link(say, url, say('read'), ` : ${title}`)))
  }

  kit.shown = (say, citation) => [named(say, citation), passage(say, citation)]

  /** A closed passage. @type {Card} */
  const card = (citation, near) => make('details.citation',
    make('summary', !near && make('b', `${citation.number}`), named(ui().say, citation, near)),
    passage(ui().say, citation, near))

  /** The answer alone in a frame, all open, to copy or to print. @type {Sheet} */
  const sheetOf = ({ question, node }) => {
    const { say } = ui()
    const paper = document.importNode(node, true)
    for (const each of paper.querySelectorAll('.tools, .hush, .proof')) each.remove()
    for (const each of paper.querySelectorAll('details')) each.open = true
    for (const each of paper.querySelectorAll('.pill')) each.replaceWith(` [${each.textContent}]`)
    for (const each of paper.querySelectorAll('mark')) each.replaceWith(`« ${each.textContent} »`)
    for (const each of paper.querySelectorAll('a')) each.append(` : ${each.href}`)
    const frame = make('iframe.hush', { title: say('print') })
    node.append(frame)
    const page = /** @type {Window & typeof globalThis} */ (frame.contentWindow)
    const style = new page.CSSStyleSheet()
    style.replaceSync(STYLE + MORE_STYLE)
    page.document.adoptedStyleSheets = [style]
    page.document.body.append(make('p.asked', question), paper,
      say('made', written(say, new Date().toISOString().slice(0, 10))))
    page.onafterprint = () => setTimeout(() => frame.remove())
    return page
  }

  const key = `assistant-pvd ${element.id}`
  /** What the tab keeps, null without the reader's wish. @type {Stored} */
  const stored = () => {
    try {
      return sessionStorage.getItem(key)
    } catch { // a sandboxed frame, or a browser that refuses
      return null
    }
  }
  const store = () => sessionStorage.setItem(key,
    JSON.stringify(turns.map(({ question, answer }) => ({ question, answer }))))

  const dress = () => {
    const { say, links, notice, field } = ui()
    notice.append(make('p', say('keeping')))
    const keep = button('keep', say('keep'), () => {
      try {
        if (stored() === null) store()
        else sessionStorage.removeItem(key)
        keep.setAttribute('aria-pressed', `${stored() !== null}`)
      } catch {
        keep.textContent = say('unkept')
      }
    }, { 'aria-pressed': `${stored() !== null}` })
    const sure = make('div.tools', { hidden: '', role: 'group', 'aria-label': say('sure') },
      make('b', say('sure')),
      button('yes', say('yes'), () => {
        element.reset()
        sure.hidden = true
        field.focus()
      }),
      button('no', say('no'), () => {
        sure.hidden = true
        again.focus()
      }))
    const again = button('again', say('reset'), () => {
      sure.hidden = false
      sure.querySelector('button')?.focus()
    })
    links.prepend(again, keep, sure)
  }

  const recalled = () => {
    const held = turns.length ? null : stored()
    if (held === null) return
    try {
      const found = /** @type {Turn[]} */ (JSON.parse(held))
      if (found.some(({ answer }) => !answer.outcome)) throw found
      for (const { question, answer } of found) {
        const told = talk(question)
        told.take('done', answer)
        end(question, told)
      }
    } catch { // another version's
      sessionStorage.removeItem(key)
    }
  }
  setTimeout(recalled)

  return {
    dress,

    forget() {
      if (stored() === null) return
      sessionStorage.removeItem(key)
      ui().links.querySelector('.keep')?.setAttribute('aria-pressed', 'false')
    },

    async why(server) {
      // Whoever asks may read this address: without it, the server is down.
      const alive = await fetch(`${server}/healthz`, {
        credentials: 'omit', referrerPolicy: 'origin', signal: AbortSignal.timeout(5000),
      }).then((response) => response.ok, () => false)
      if (!alive) return 'down'
      if (new URL(server, location.href).origin === self.origin) return 'network'
      console.error(`assistant-pvd : ${server} refuse ${self.origin}. ` +
        `Sur le serveur : ASSISTANT_ORIGINS='["${self.origin}"]'`)
      return 'refused'
    },

    ended(turn) {
      const { say } = ui()
      const { citations, nearest, contact } = turn.answer
      if (contact) {
        const { name, url, phone, email, address, hours, checked } = contact
        turn.node.append(make('div.contact', say('ask'), link(say, url, name),
          ...[phone, email, address, hours, say('checked', written(say, checked))]
            .map((line) => line && make('p', line))))
      }
      if (citations.length) {
        turn.node.append(make('ol.cards', { 'aria-label': say('sources') },
          ...citations.map((citation) => make('li', card(citation)))))
      }
      if (nearest.length) {
        turn.node.append(make('div.cards', make('p', say('nearest')),
          ...nearest.map((citation) => card(citation, true))))
      }
      const told = make('span.small', { role: 'status' })
      const copy = async () => {
        const page = sheetOf(turn)
        try {
          await navigator.clipboard.writeText(page.document.body.innerText)
          told.textContent = say('copied')
        } catch { // refused, or a page served over http
          told.textContent = say('uncopied')
        }
        page.frameElement?.remove()
      }
      turn.node.append(make('div.tools', button('copy', say('copy'), copy),
        button('print', say('print'), () => sheetOf(turn).print()), told))
      if (stored() !== null) store()
    },
  }
}
