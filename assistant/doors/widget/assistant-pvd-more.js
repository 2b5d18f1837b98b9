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
    offline: 'Vous n’êtes plus connecté à Internet.',
    down: 'Le serveur de l’assistant ne répond pas.',
    refused: 'Ce site n’est pas autorisé à interroger l’assistant : prévenez la mairie.',
    kept_for:
      'Questions et réponses sont gardées {0} par le service, sans dire qui les a posées, pour ' +
      'pouvoir les contrôler.',
    kept_not: 'Le service ne garde ni les questions ni les réponses.',
    day: '{0} jour',
    days: '{0} jours',
    ideas: 'Vous pouvez demander, par exemple :',
    others: 'Autres questions :',
    plain: 'En mots simples',
    larger: 'Texte plus grand',
    call: 'Appeler : {0}',
    call_hall: 'Appeler la mairie : {0}',
    write: 'Écrire à {0}',
    reference: 'Référence de cette réponse : {0}',
    useful: 'Cette réponse vous a-t-elle aidé ?',
    useful_yes: 'Oui',
    useful_no: 'Non',
    why: 'Pourquoi ? (facultatif)',
    wrong: 'Elle est fausse',
    incomplete: 'Elle est incomplète',
    unclear: 'Elle n’est pas claire',
    outdated: 'Elle n’est plus à jour',
    beside: 'Elle ne répond pas à ma question',
    specify: 'Envoyer ces raisons',
    thanks: 'Merci, votre avis est enregistré.',
    unsent: 'Votre avis n’a pas pu être enregistré.',
    copy_all: 'Copier la conversation',
    print_all: 'Imprimer la conversation',
    quotation: 'Citation',
    page: 'page {0}',
    scan: 'Texte issu d’une numérisation, à vérifier : ',
    read: 'Ouvrir le document',
    place: 'Voir le passage dans le document',
    hall: 'Mairie',
    ask: 'À qui s’adresser : ',
    checked: 'Vérifié le {0}',
    sources: 'Passages cités',
    nearest: 'Passages proches, qui ne répondent pas à la question :',
    rest: 'et {0} autres',
    copy: 'Copier',
    copied: 'C’est copié.',
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
    place: 'See the passage in its document',
    tab: ' (new window)',
    hall: 'Town hall',
    ask: 'Who to ask: ',
    checked: 'Checked on {0}',
    nearest: 'Related passages, which do not answer the question:',
    rest: 'and {0} more',
    copy: 'Copy',
    copied: 'Copied.',
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
    kept_for:
      'Questions and answers are kept {0} by the service, without saying who asked them, so that ' +
      'they can be checked.',
    kept_not: 'The service keeps neither questions nor answers.',
    day: '{0} day',
    days: '{0} days',
    ideas: 'You may ask, for instance:',
    others: 'Other questions:',
    plain: 'In plain words',
    larger: 'Larger text',
    call: 'Call: {0}',
    call_hall: 'Call the town hall: {0}',
    write: 'Write to {0}',
    reference: 'Reference of this answer: {0}',
    useful: 'Did this answer help you?',
    useful_yes: 'Yes',
    useful_no: 'No',
    why: 'Why? (optional)',
    wrong: 'It is wrong',
    incomplete: 'It is incomplete',
    unclear: 'It is not clear',
    outdated: 'It is out of date',
    beside: 'It does not answer my question',
    specify: 'Send these reasons',
    thanks: 'Thank you, your opinion is recorded.',
    unsent: 'Your opinion could not be recorded.',
    copy_all: 'Copy the conversation',
    print_all: 'Print the conversation',
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

const SHOWN = 10 // of a long list; the rest opens

const REASONS = /** @type {const} */ (['wrong', 'incomplete', 'unclear', 'outdated', 'beside'])

const MORE_STYLE = `
summary::-webkit-details-marker { display: none; }
@supports not (field-sizing: content) { textarea { min-height: 5em; } }
@media print { .ideas { display: none; } }
.named .small { display: block; font-weight: 400; }
.proof > .named { font-weight: 600; }
.ideas { padding: .5em 16px; }
.ideas ul { display: grid; gap: .5em; }
.idea { width: 100%; text-align: start; }
.switch, .again, .keep, .all { border: 0; padding: 0; text-decoration: underline; }
[aria-pressed=true] { font-weight: 700; }
[aria-pressed=true]::before { content: "✓ " / ""; }
.log:empty ~ .links > :is(.again, .keep, .all) { display: none; }
.wide { flex: 1 0 100%; }
.feedback { display: grid; gap: .5em; padding: 0; border: 0; }
.feedback label { display: flex; gap: .6em; align-items: center; min-height: 44px; font-weight: 400; }
input { width: 1.25em; height: 1.25em; accent-color: var(--accent); }
.contact, .contact p { display: flex; flex-wrap: wrap; gap: .2em .5em; align-items: baseline; }
.reach { padding: .55em .8em; border: 1px solid var(--line); font-weight: 600;
  border-radius: var(--pvd-radius, 10px); }
.citation { border: 1px solid var(--line); border-radius: var(--pvd-radius, 10px); padding: 0 .8em; }
.citation .passage { padding: .4em 0 .75em; }
.citation:not([open]) .named, .citation:not([open]) .named .small { overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; }`

/** @type {Written} */
const written = (say, date) => date.replace(
  /\b\d{4}-(?:0[1-9]|1[012])(-(?:0[1-9]|[12]\d|3[01]))?(?:T[\d:.]+Z?)?(?![\d-])/g,
  (found, day) => new Date(found.slice(0, 10)).toLocaleDateString(say('lang'), {
    day: day && 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC',
  }).replace(/^1 /, '1er '))

/** @type {Equip} */
export const equip = (kit, { element, turns, ui, tell, talk, end }) => {
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
    const { kind, title, headings, sources, passage, passage_id, start, end, page, url, printed,
      confidence, language } = citation
    const summary = kind === 'summary'
    const path = headings.filter((heading) => heading !== title).join(' › ')
    return make('div.passage',
      summary && make('ul', ...sources.map((source) => make('li',
        '– ', link(say, source.url, `${source.publisher} : ${source.title}`),
        source.nature !== 'officiel' && ` (${say(source.nature)})`,
        source.date && `, ${written(say, source.date)}`))),
      path && make('p.small', path),
      make('blockquote', { lang: language }, ...near ? [passage] : quoted(citation)),
      make('p.small', confidence && confidence < 0.94 && say('scan'),
        page && `${say('page', printed ?? page)} `,
        !summary && url && make('span', link(say, url, say('read'), ` : ${title}`), ' · '),
        link(say, `${element.server}/passages/${encodeURIComponent(passage_id)}` +
          (near ? '' : `?debut=${start}&fin=${end}`), say('place'), ` : ${title}`)))
  }

  kit.shown = (say, citation) => [named(say, citation), passage(say, citation)]

  /** A closed passage. @type {Card} */
  const card = (citation, near) => make('details.citation',
    make('summary', !near && make('b', `${citation.number}`), named(ui().say, citation, near)),
    passage(ui().say, citation, near))

  /** Folds the end of a long list. @type {Fold} */
  const fold = (list) => {
    const rest = [...list.children].slice(SHOWN)
    if (rest.length < 3) return
    list.append(make('li', make('details.rest',
      make('summary', ui().say('rest', rest.length)), make('ul', ...rest))))
  }

  /** What the server says of itself; null until it has, or when it did not. @type {About | null} */
  let about = null

  /** Someone to call or to write to. @type {Reach} */
  const reach = ({ name, url, phone, email, address, hours, checked }) => {
    const { say } = ui()
    const call = /^mairie/i.test(name) ? 'call_hall' : 'call'
    // What is not a number, or an address, is only said.
    const number = /^\+?[\d\s.()-]{3,}$/.test(phone ?? '') && phone?.replace(/[^+\d]/g, '')
    const box = /^[^\s@<>?&%#]+@[^\s@<>?&%#]+$/.test(email ?? '') && email
    return make('div.contact', make('p', say('ask'), link(say, url, name)),
      phone && (number ? make('a.reach', { href: `tel:${number}` }, say(call, phone)) : make('p', phone)),
      email && (box ? make('a.reach', { href: `mailto:${box}` }, say('write', email)) : make('p', email)),
      ...[address, hours, checked && say('checked', written(say, checked))]
        .map((line) => line && make('p.small', line)))
  }

  /** Who to ask when nothing came: the town hall, as the server or the page names it. */
  const someone = () => {
    const [phone, email, url] = ['phone', 'email', 'url']
      .map((name) => element.getAttribute(`contact-${name}`))
    return about?.contact ?? (phone || email
      ? { name: ui().say('hall'), url, phone, email, address: null, hours: null, checked: '' } : null)
  }

  /** A clean sheet in a frame, all open, to copy or to print. @type {Sheet} */
  const sheetOf = (told) => {
    const { say, root } = ui()
    const frame = make('iframe.hush', { title: say('print') })
    root.append(frame)
    const page = /** @type {Window & typeof globalThis} */ (frame.contentWindow)
    const style = new page.CSSStyleSheet()
    style.replaceSync(STYLE + MORE_STYLE)
    page.document.adoptedStyleSheets = [style]
    page.document.title = say('title')
    page.document.body.append(make('h2', about?.town ?? document.title),
      make('p', say('made', written(say, new Date().toISOString().slice(0, 10)))))
    for (const { question, node } of told) {
      const paper = document.importNode(node, true)
      for (const each of paper.querySelectorAll('.tools, .hush, .proof, .feedback, .rest > summary')) {
        each.remove()
      }
      for (const each of paper.querySelectorAll('details')) each.open = true
      for (const each of paper.querySelectorAll('.pill')) each.replaceWith(` [${each.textContent}]`)
      for (const each of paper.querySelectorAll('mark')) each.replaceWith(`« ${each.textContent} »`)
      for (const each of paper.querySelectorAll('a:not(.reach)')) {
        each.append(` : ${each.getAttribute('href')}`)
      }
      page.document.body.append(make('p.who', say('you')), make('p.asked', question), paper)
    }
    page.onafterprint = () => setTimeout(() => frame.remove())
    return page
  }

  const print = (/** @type {Turn[]} */ told) => sheetOf(told).print()

  /** @type {Copy} */
  const copy = async (told, heard) => {
    const { say } = ui()
    const page = sheetOf(told)
    try {
      await navigator.clipboard.writeText(page.document.body.innerText)
      heard.textContent = say('copied')
    } catch { // refused, or a page served over http
      heard.textContent = say('uncopied')
    }
    page.frameElement?.remove()
  }

  /** Useful or not, and why; the last word counts. @type {Opinion} */
  const opinion = ({ id }) => {
    const { say } = ui()
    const heard = make('span.small', { role: 'status' })
    const name = say('useful')
    const why = make('fieldset.feedback', { hidden: '' }, make('legend', say('why')),
      ...REASONS.map((reason) => make('label',
        make('input', { type: 'checkbox', value: reason }), say(reason))),
      button('specify', say('specify'), () => send(false)))
    /** @param {boolean} useful */
    const send = async (useful) => {
      why.hidden = useful
      const reasons = useful ? [] : [...why.querySelectorAll('input')]
        .filter((box) => box.checked).map((box) => box.value)
      for (const each of choice.querySelectorAll('button')) {
        each.setAttribute('aria-pressed', `${each.value === `${useful}`}`)
      }
      const kept = await fetch(`${element.server}/api/v1/answers/${id}/feedback`, {
        method: 'POST', headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ useful, reasons }), credentials: 'omit', referrerPolicy: 'origin',
      }).then((response) => response.ok, () => false)
      heard.textContent = say(kept ? 'thanks' : 'unsent')
      if (kept) tell('feedback', { id, useful, reasons })
    }
    const choice = make('div.tools', { role: 'group', 'aria-label': name },
      make('p.wide', name),
      ...[true, false].map((useful) => button('choice', say(useful ? 'useful_yes' : 'useful_no'),
        () => send(useful), { value: `${useful}`, 'aria-pressed': 'false' })), heard)
    return [choice, why]
  }

  const ideas = make('div.ideas')

  /** The questions of the town that were not asked yet. */
  const suggest = () => {
    const { say } = ui()
    const asked = turns.map(({ question }) => question)
    const left = (about?.suggestions ?? []).filter((idea) => !asked.includes(idea)).slice(0, 3)
    ideas.replaceChildren(...left.length ? [
      make('p', say(turns.length ? 'others' : 'ideas')),
      make('ul', ...left.map((idea) => make('li', button('idea', idea, () => element.ask(idea))))),
    ] : [])
  }

  /** What the server said, in the notice and after the conversation. */
  const inform = () => {
    const { say, notice } = ui()
    const days = about?.kept_days
    if (days != null) {
      notice.append(make('p', days ? say('kept_for', say(days > 1 ? 'days' : 'day', days))
        : say('kept_not')))
    }
    suggest()
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
    /** A switch that stays as it is left. @type {Switch} */
    const turning = (name, on, turn) => {
      const made = button('switch', say(name), () => {
        turn(made.getAttribute('aria-pressed') !== 'true')
        made.setAttribute('aria-pressed', `${on()}`)
      }, { 'aria-pressed': `${on()}`, value: name })
      return made
    }
    const heard = make('span.small', { role: 'status' })
    links.before(ideas)
    links.prepend(
      turning('plain', () => element.hasAttribute('plain'),
        (on) => element.toggleAttribute('plain', on)),
      turning('larger', () => !!element.style.getPropertyValue('--pvd-size'),
        (on) => element.style.setProperty('--pvd-size', on ? '1.35' : '')),
      button('all', say('copy_all'), () => copy(turns, heard)),
      button('all', say('print_all'), () => print(turns)),
      keep, again, sure, heard)
    inform()
  }

  fetch(`${element.server}/api/v1/about`, { credentials: 'omit', referrerPolicy: 'origin' })
    .then((response) => response.ok ? response.json() : null, () => null)
    .then((said) => {
      about = said
      inform()
    })

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
      suggest()
      if (stored() === null) return
      sessionStorage.removeItem(key)
      ui().links.querySelector('.keep')?.setAttribute('aria-pressed', 'false')
    },

    help() {
      const contact = someone()
      return contact ? [reach(contact)] : []
    },

    async why(server) {
      if (!navigator.onLine) return 'offline'
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
      if (contact) turn.node.append(reach(contact))
      if (citations.length) {
        turn.node.append(make('ol.cards', { 'aria-label': say('sources') },
          ...citations.map((citation) => make('li', card(citation)))))
      }
      if (nearest.length) {
        turn.node.append(make('div.cards', make('p', say('nearest')),
          ...nearest.map((citation) => card(citation, true))))
      }
      for (const list of turn.node.querySelectorAll('.text > ul, ol.cards')) fold(list)
      const { id, outcome } = turn.answer
      const heard = make('span.small', { role: 'status' })
      turn.node.append(
        ...id && about?.kept_days !== 0
          ? [make('p.reference', say('reference', id)), ...opinion(turn.answer)] : [],
        make('div.tools',
          !element.hasAttribute('plain') && /^(answered|partial)$/.test(outcome) &&
            button('simpler', say('plain'), () => {
              element.toggleAttribute('plain', true)
              ui().links.querySelector('[value=plain]')?.setAttribute('aria-pressed', 'true')
              element.ask(turn.question)
            }),
          button('copy', say('copy'), () => copy([turn], heard)),
          button('print', say('print'), () => print([turn])), heard))
      suggest()
      if (stored() !== null) store()
    },
  }
}
