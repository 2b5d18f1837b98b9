/**
 * For editors that strip <assistant-pvd> and keep scripts: puts the element after this script, each
 * data- attribute as its own. `<script src="…/tag.js" data-contact-url="…" async></script>`
 */
(() => {
  const script = document.currentScript
  if (!(script instanceof HTMLScriptElement)) return
  const element = document.createElement('assistant-pvd')
  for (const { name, value } of script.attributes) {
    if (name.startsWith('data-')) element.setAttribute(name.slice('data-'.length), value)
  }
  // In <head>, nothing is shown: at the end of the page, then.
  if (script.parentElement?.closest('body')) script.after(element)
  else addEventListener('DOMContentLoaded', () => document.body.append(element))
  const loader = document.createElement('script')
  loader.type = 'module'
  loader.nonce = script.nonce
  // Trusted Types want this one address to be said to be ours.
  const name = new URL('assistant-pvd.js', script.src).href
  const policy = /** @type {any} */ (window).trustedTypes?.createPolicy('assistant-pvd',
    { createScriptURL: () => name })
  loader.src = policy?.createScriptURL('') ?? name
  document.head.append(loader)
})()
