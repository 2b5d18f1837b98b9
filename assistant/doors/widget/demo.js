/** The demonstration page: its example questions. */
import { AssistantPvdElement } from './assistant-pvd.js'

document.addEventListener('click', (event) => {
  const assistant = document.querySelector('assistant-pvd')
  const example = event.target instanceof HTMLElement && event.target.closest('[data-question]')
  if (assistant instanceof AssistantPvdElement && example instanceof HTMLElement) {
    assistant.ask(example.dataset.question ?? '')
  }
})
