/** How a page's own code uses the widget: checked by tsc, never run. */

const assistant = document.querySelector('assistant-pvd')
assistant?.ask('C’est quoi l’ORT ?')

const made = document.createElement('assistant-pvd')
made.server = 'https://assistant.exemple.fr'
made.mode = 'inline'
made.open()
made.close()
made.stop()
made.reset()

document.addEventListener('pvd-answer', ({ detail }) => {
  const told: string = `${detail.id} ${detail.outcome}`
  return told
})
made.addEventListener('pvd-error', ({ detail }) => detail.status.toFixed())
made.addEventListener('pvd-feedback', ({ detail }) => detail.reasons.join() + detail.useful)
made.addEventListener('pvd-question', ({ detail }) => {
  const nothing: null = detail
  return nothing
})

// @ts-expect-error: a question is text
made.ask(3)
// @ts-expect-error: no event carries a question
document.addEventListener('pvd-answer', ({ detail }) => detail.question)
