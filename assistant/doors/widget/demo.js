/** The demonstration page: its example questions, and its own address in the lines to paste. */
import { AssistantPvdElement } from './assistant-pvd.js'

for (const place of document.querySelectorAll('[data-origin]')) {
  place.textContent = location.origin
}

document.addEventListener('click', (event) => {
  const assistant = document.querySelector('assistant-pvd')
  const example = event.target instanceof HTMLElement && event.target.closest('[data-question]')
  if (assistant instanceof AssistantPvdElement && example instanceof HTMLElement) {
    assistant.ask(example.dataset.question ?? '')
  }
})
