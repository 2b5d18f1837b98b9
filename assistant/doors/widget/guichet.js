/** /guichet: print, copy with the sources, walk the passages with the arrows, watch a reading. */

const told = document.querySelector('[data-told]')

/** Says what was done, to all who read the page. @param {string} words */
const tell = (words) => { if (told) told.textContent = words }

/** What a piece of the page holds, without what only the screen needs. @param {Element} from */
const bare = (from) => {
  const copy = /** @type {Element} */ (from.cloneNode(true))
  for (const each of copy.querySelectorAll('.screen, .hush')) each.remove()
  for (const each of copy.querySelectorAll('a.mark')) each.replaceWith(`[${each.textContent}]`)
  for (const each of copy.querySelectorAll('[id], [class], [tabindex]')) {
    for (const name of ['id', 'class', 'tabindex']) each.removeAttribute(name)
  }
  return copy
}

/** @param {Element} from */
const copy = async (from) => {
  const clean = bare(from)
  const html = new XMLSerializer().serializeToString(clean)
  clean.setAttribute('hidden', '')
  document.body.append(clean)
  clean.removeAttribute('hidden')
  const plain = /** @type {HTMLElement} */ (clean).innerText
  clean.remove()
  await navigator.clipboard.write([new ClipboardItem({
    'text/html': new Blob([html], { type: 'text/html' }),
    'text/plain': new Blob([plain], { type: 'text/plain' }),
  })])
}

for (const button of document.querySelectorAll('button[data-print], button[data-copy]')) {
  if (!(button instanceof HTMLButtonElement)) continue
  const from = document.getElementById(button.dataset.copy ?? '')
  if (from && !navigator.clipboard) continue // no clipboard without TLS: the button stays away
  button.hidden = false
  button.addEventListener('click', async () => {
    if (!from) return window.print()
    try {
      await copy(from)
      tell('Copié.')
    } catch {
      tell('Votre navigateur n’a pas permis de copier : sélectionnez le texte.')
    }
  })
}

for (const list of document.querySelectorAll('[data-walk]')) {
  const links = [...list.querySelectorAll('li > .who > a')]
    .filter((each) => each instanceof HTMLAnchorElement)
  list.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent)) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const at = links.findIndex((each) => each.closest('li')?.contains(document.activeElement))
    const next = step && at >= 0 ? links[at + step] : undefined
    if (!next) return
    event.preventDefault()
    next.focus()
  })
}

// What goes on is read again until it ends.
if (document.querySelector('[data-running]')) setTimeout(() => location.reload(), 2000)

// The answer is read where it was put: the field is first, for the next person.
const answer = document.querySelector('#reponse')
if (answer instanceof HTMLElement) answer.focus()

export {}
